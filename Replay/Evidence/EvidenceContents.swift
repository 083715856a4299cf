import CanonicalJSON
import Ledger

/// What the events of an evidence bundle come to: which other files belong to them, and what those
/// must say.
struct EvidenceContents {
  /// The files before the events.
  static let first = ["README.txt", "check.py", "checkpoint", "subject", "verifier-key"]
  static let keys = "keys.json"
  /// SHA-256 in hexadecimal, two spaces and a name for every other file.
  static let sums = "SHA256SUMS"

  static func event(_ position: Position) -> String { "events/\(position).json" }
  static func proof(_ position: Position) -> String { "proofs/\(position).tlog-proof" }
  static func schema(_ name: String) -> String { "schemas/\(name).schema.json" }

  /// Events of these types stand in every bundle: they say whose log it is, and with which keys it
  /// signs tokens.
  static let context: Set = [LedgerCreated.type, LedgerContinued.type, KeyActivated.type]

  private(set) var positions: [Position] = []
  /// How many of the events name the subject.
  private(set) var naming = 0
  /// The names that the log had.
  private(set) var origins: [String] = []
  private var webKeys: [JSON] = []
  private var schemaNames: Set = ["envelope", "values"]

  /// - Parameter event: from canonical bytes.
  /// - Returns: false when it lacks a member that it needs, or is of no type.
  mutating func add(_ event: JSON, at position: Position, namesSubject: Bool) -> Bool {
    guard let type = event["type"]?.string, Self.isType(type),
      let revision = event["revision"]?.integer, revision > 0,
      let subject = event["subject"]?.string, let data = event["data"]?.members
    else { return false }
    positions.append(position)
    if namesSubject { naming += 1 }
    schemaNames.insert("\(type).\(revision)")
    if type == KeyActivated.type { webKeys.append(Self.webKey(subject, data)) }
    if type == LedgerCreated.type || type == LedgerContinued.type {
      guard let origin = event["data"]?["origin"]?.string else { return false }
      origins.append(origin)
    }
    return true
  }

  /// Types stand in the names of files, and must not lead out of their folder.
  private static func isType(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || "_.".utf8.contains($0)
      }
  }

  /// A JSON Web Key (RFC 7517): the event's data are its members `alg`, `x` and `y`.
  private static func webKey(_ id: String, _ data: [JSON.Member]) -> JSON {
    .object(
      data + [
        .init("crv", .string("P-256")), .init("kid", .string(id)), .init("kty", .string("EC")),
        .init("use", .string("sig")),
      ])
  }

  /// What `keys.json` holds.
  var keySet: [UInt8] { JSON.object([.init("keys", .array(webKeys))]).canonicalBytes() }

  /// The schemas of the events' types, by `TYPE.REVISION`.
  var schemas: [String] { schemaNames.sorted() }

  /// Every file of the bundle but the sums, in order.
  var files: [String] {
    Self.first + positions.flatMap { [Self.event($0), Self.proof($0)] } + [Self.keys]
      + schemas.map(Self.schema)
  }
}
