package import CanonicalJSON

/// From here on tokens are signed with this key, until another is activated.
package struct KeyActivated: EventData, Hashable {
  package static let type = "key.activated"

  /// RFC 7518 §3.1: `ES256`.
  package let algorithm: String
  /// Coordinates of the public point, base64url (RFC 7518 §6.2.1).
  package let x: String
  package let y: String

  package init(x: String, y: String) {
    algorithm = "ES256"
    self.x = x
    self.y = y
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    algorithm = try reader.string("alg")
    x = try reader.string("x")
    y = try reader.string("y")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("alg", algorithm)
    writer.member("x", x)
    writer.member("y", y)
  }
}

/// A key that signs or has signed tokens; its identifier is the `kid`.
package struct SigningKey: CanonicalObject, Hashable {
  package let id: Identifier
  package let algorithm: String
  package let x: String
  package let y: String
  package let activated: Timestamp

  init(_ data: KeyActivated, _ event: Event) {
    id = event.subject
    algorithm = data.algorithm
    x = data.x
    y = data.y
    activated = event.recorded
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    activated = try reader.timestamp("activated")
    algorithm = try reader.string("alg")
    id = try reader.identifier("id", .key)
    x = try reader.string("x")
    y = try reader.string("y")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("activated", activated.text)
    writer.member("alg", algorithm)
    writer.member("id", id)
    writer.member("x", x)
    writer.member("y", y)
  }
}

/// Makes a key the one that signs.
package struct ActivateKey: Sendable {
  let id: Identifier
  let data: KeyActivated

  package init(id: Identifier, x: String, y: String) {
    self.id = id
    data = KeyActivated(x: x, y: y)
  }

  func decide() -> [NewEvent] { [NewEvent(id, .keyActivated(data))] }
}
