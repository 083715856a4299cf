package import CanonicalJSON

/// From here on the log is signed for under another origin and with another key, because it does
/// not hold all that was signed for before: a checkpoint never contradicts an older one of its
/// origin (C2SP tlog-checkpoint, "Signatures").
package struct LedgerContinued: EventData, Hashable {
  package static let type = "ledger.continued"

  package let origin: String
  /// The last checkpoint that was signed of the log that this one is a copy of.
  package let previous: SignedSize

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    origin = try reader.origin()
    previous = try reader.object("previous", SignedSize.self)
  }

  init(origin: String, previous: SignedSize) {
    self.origin = origin
    self.previous = previous
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("origin", origin)
    writer.member("previous", object: previous)
  }
}

/// What a checkpoint says (C2SP tlog-checkpoint).
package struct SignedSize: CanonicalObject, Hashable {
  package let origin: String
  /// The number of events.
  package let size: UInt64
  /// The root of the tree over them: 32 bytes in base64, as checkpoints write it.
  package let root: String

  package init(origin: String, size: UInt64, root: String) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    origin = try reader.origin()
    root = try reader.string("root")
    size = try reader.position("size")
    guard Self.isRoot(root) else { throw reader.malformed("root", "is no hash in base64") }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("origin", origin)
    writer.member("root", root)
    writer.member("size", Int64(size))
  }

  /// 256 bits in the base64 of RFC 4648 §4: 42 digits, one whose last two bits are zero, `=`.
  private static func isRoot(_ text: String) -> Bool {
    let digits = Array(text.utf8)
    return digits.count == 44 && digits[43] == UInt8(ascii: "=")
      && digits[..<42].allSatisfy(isDigit) && "AEIMQUYcgkosw048".utf8.contains(digits[42])
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}

extension ObjectReader {
  fileprivate mutating func origin() throws(MalformedObject) -> String {
    let origin = try string("origin")
    guard Origin.isValid(origin) else { throw malformed("origin", "is no name of a log") }
    return origin
  }
}
