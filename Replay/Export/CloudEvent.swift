import CanonicalJSON
import Cryptography
import MerkleLog

/// An event as a CloudEvent 1.0 in the structured mode of its JSON format.
///
/// `data` is the whole event in its stored bytes, so that its record hash can be taken from it.
/// `id` is that hash: the same in every copy of the log, and another for every other event, even
/// where two logs went on differently from the same position.
enum CloudEvent {
  /// - Throws: when the stored bytes are no canonical JSON of an event's envelope.
  static func line(_ stored: [UInt8], origin: String) throws -> [UInt8] {
    let event = try JSON.parseCanonical(stored)
    guard let type = event["type"]?.string, let revision = event["revision"]?.integer,
      let position = event["position"]?.integer, let subject = event["subject"],
      let time = event["recorded"]
    else { throw NoEnvelope() }
    let attributes = JSON.object([
      .init("datacontenttype", .string("application/json")),
      .init("dataschema", .string("\(schemas)\(type).\(revision).schema.json")),
      .init("id", .string(Hexadecimal.encode(recordHash(stored).bytes))),
      // A text, for the integers of CloudEvents have 32 bits (§3.1).
      .init("position", .string("\(position)")),
      .init("source", .string(source(origin))),
      .init("specversion", .string("1.0")),
      .init("subject", subject),
      .init("time", time),
      .init("type", .string(type)),
    ])
    return Array("{\"data\":".utf8) + stored + [UInt8(ascii: ",")]
      + attributes.canonicalBytes().dropFirst() + [UInt8(ascii: "\n")]
  }

  /// Where the `$id` of every schema begins.
  private static let schemas = "https://tallystick.invalid/schemas/events/"

  /// The origin, a URL without scheme, as a URI-reference (RFC 3986 §4.2): what cannot stand in one
  /// is percent-encoded.
  static func source(_ origin: String) -> String {
    origin.utf8.reduce(into: "//") { text, byte in
      if isOfURI(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + Hexadecimal.encode([byte]).uppercased()
      }
    }
  }

  private static func isOfURI(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: "-._~:/?#[]@!$&'()*+,;=".utf8.contains(byte)
    }
  }

  private struct NoEnvelope: Error, CustomStringConvertible {
    let description = "it lacks a member that every event has"
  }
}
