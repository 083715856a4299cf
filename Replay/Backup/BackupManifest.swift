import CanonicalJSON
import Cryptography
package import Ledger
package import MerkleLog

/// What a backup holds: its file `backup.json`, replaced when everything that it speaks of is there.
package struct BackupManifest: Sendable {
  /// The keys in `keys.cms`.
  package struct Keys: Sendable {
    /// SHA-256 of the certificate that they are encrypted to, in hexadecimal.
    package let recipient: String
    /// How many events the log had when they were copied; keys made later are not among them.
    package let events: UInt64
  }

  package let head: TreeHead
  /// When the last event was recorded; nil without events.
  package let recorded: Timestamp?
  /// Nil when the backup has none.
  package let keys: Keys?

  private static let format: Int64 = 1

  init(head: TreeHead, recorded: Timestamp?, keys: Keys?) {
    self.head = head
    self.recorded = recorded
    self.keys = keys
  }

  /// Of a log without events.
  static let empty = BackupManifest(head: TreeEdge().head, recorded: nil, keys: nil)

  var bytes: [UInt8] {
    let keys = keys.map {
      JSON.object([
        .init("events", .integer(Int64($0.events))), .init("recipient", .string($0.recipient)),
      ])
    }
    let members = [
      JSON.Member("events", .integer(Int64(head.size))), .init("format", .integer(Self.format)),
      .init("keys", keys ?? .null),
      .init("recorded", recorded.map { .string($0.text) } ?? .null),
      .init("root", .string(Base64.encode(head.root.bytes))),
    ]
    return JSON.object(members).canonicalBytes() + [UInt8(ascii: "\n")]
  }

  /// Nil unless the bytes are exactly those that `bytes` gives for some manifest.
  init?(_ stored: [UInt8]) {
    guard stored.last == UInt8(ascii: "\n"),
      let json = try? JSON.parseCanonical(Array(stored.dropLast())),
      let events = json["events"]?.integer, events >= 0,
      let root = (json["root"]?.string).flatMap(Base64.decode).flatMap(SHA256Digest.init(bytes:))
    else { return nil }
    head = TreeHead(size: UInt64(events), root: root)
    recorded = (json["recorded"]?.string).flatMap { Timestamp($0) }
    keys = json["keys"].flatMap(Keys.init)
    guard bytes == stored else { return nil }
  }
}

extension BackupManifest.Keys {
  fileprivate init?(_ json: JSON) {
    guard let recipient = json["recipient"]?.string, let events = json["events"]?.integer,
      events >= 0
    else { return nil }
    self.init(recipient: recipient, events: UInt64(events))
  }
}
