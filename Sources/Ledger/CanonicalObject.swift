package import CanonicalJSON

/// A value with one canonical JSON object as its stored form: events' data and state records.
package protocol CanonicalObject: Sendable {
  /// Takes its members from the reader; the caller then checks that none is left.
  init(from reader: inout ObjectReader) throws(MalformedObject)

  /// Writes its members in canonical order, between the braces.
  func write(to writer: inout JSONWriter)
}

extension CanonicalObject {
  /// The stored form.
  package func canonicalBytes() -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.object(self)
    return writer.bytes
  }

  /// Reads the stored form; anything missing, ill-typed or left over is an error.
  package init(canonicalBytes bytes: [UInt8]) throws {
    var reader = try ObjectReader(try JSON.parse(bytes))
    try self.init(from: &reader)
    try reader.finish()
  }
}

extension JSONWriter {
  /// A whole object.
  mutating func object(_ value: some CanonicalObject) {
    beginObject()
    value.write(to: &self)
    endObject()
  }

  /// A member whose value is a whole object.
  mutating func member(_ name: StaticString, object value: some CanonicalObject) {
    self.name(name)
    object(value)
  }

  /// A member that is left out when there is nothing to say.
  mutating func member(_ name: StaticString, optional value: String?) {
    if let value { member(name, value) }
  }

  mutating func member(_ name: StaticString, optional value: Int64?) {
    if let value { member(name, value) }
  }

  mutating func member(_ name: StaticString, _ value: Bool) {
    self.name(name)
    bool(value)
  }

  mutating func member(_ name: StaticString, optional value: Bool?) {
    if let value { member(name, value) }
  }

  package mutating func member(_ name: StaticString, _ identifier: Identifier) {
    identifier.withASCII { member(name, ascii: $0) }
  }

  mutating func member(_ name: StaticString, optional identifier: Identifier?) {
    if let identifier { member(name, identifier) }
  }

  mutating func member(_ name: StaticString, _ values: [String]) {
    self.name(name)
    beginArray()
    for value in values { string(value) }
    endArray()
  }

  mutating func member(_ name: StaticString, objects values: [some CanonicalObject]) {
    self.name(name)
    beginArray()
    for value in values { object(value) }
    endArray()
  }
}
