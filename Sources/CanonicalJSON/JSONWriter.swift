/// Writes canonical bytes (RFC 8785) piece by piece.
///
/// The caller gives every object's members in canonical order, each name once, and calls in the
/// order of the grammar: a value stands after a name or in an array. Debug builds trap on names
/// out of order; release builds write what they are told.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// Whether a value or name that comes next is not the first of its container.
  private var followsValue = false
  private var order = NameOrder()

  package init(reservingCapacity capacity: Int) {
    bytes.reserveCapacity(capacity)
  }

  package mutating func beginObject() {
    begin(UInt8(ascii: "{"))
    assert(order.beginObject())
  }

  package mutating func endObject() {
    end(UInt8(ascii: "}"))
    assert(order.endObject())
  }

  package mutating func beginArray() { begin(UInt8(ascii: "[")) }

  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Begins a member.
  /// - Parameter name: printable ASCII without quote and backslash, asserted in debug builds.
  package mutating func name(_ name: StaticString) {
    assert(order.accepts(String(describing: name)), "\(name) is not in canonical order")
    separate()
    name.withUTF8Buffer { text in
      unsafe assert(text.allSatisfy(isPlain), "\(name) needs escapes")
      bytes.append(UInt8(ascii: "\""))
      unsafe bytes.append(contentsOf: text)
    }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    followsValue = false
  }

  package mutating func string(_ value: String) {
    separate()
    appendQuoted(value)
  }

  /// - Parameter value: within `JSON.integers`; beyond it the program stops.
  package mutating func integer(_ value: Int64) {
    precondition(JSON.integers.contains(value), "integer beyond ±(2^53−1)")
    separate()
    appendDecimal(value)
  }

  package mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
  }

  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// The canonical form of a whole tree as one value; see `JSON.canonicalBytes()`.
  package mutating func value(_ json: JSON) {
    switch json {
    case .null: null()
    case .bool(let value): bool(value)
    case .integer(let value): integer(value)
    case .string(let value): string(value)
    case .array(let elements):
      beginArray()
      for element in elements { value(element) }
      endArray()
    case .object(let members): object(members)
    }
  }
}

// MARK: - Whole members

extension JSONWriter {
  package mutating func member(_ name: StaticString, _ value: String) {
    self.name(name)
    string(value)
  }

  package mutating func member(_ name: StaticString, _ value: Int64) {
    self.name(name)
    integer(value)
  }

  /// A string that needs no escapes, copied as it is.
  /// - Parameter text: printable ASCII without quote and backslash, asserted in debug builds.
  package mutating func member(_ name: StaticString, ascii text: Span<UInt8>) {
    assert(text.indices.allSatisfy { isPlain(text[$0]) }, "\(name): the text needs escapes")
    self.name(name)
    separate()
    bytes.append(UInt8(ascii: "\""))
    unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func member(_ name: StaticString, ascii text: [UInt8]) {
    member(name, ascii: text.span)
  }
}

// MARK: - Pieces

extension JSONWriter {
  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    followsValue = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    followsValue = true
  }

  private mutating func separate() {
    if followsValue { bytes.append(UInt8(ascii: ",")) }
    followsValue = true
  }

  private mutating func object(_ members: [JSON.Member]) {
    begin(UInt8(ascii: "{"))
    var previous: String?
    for member in inCanonicalOrder(members) {
      precondition(
        previous.map { !hasSameCodeUnits($0, member.name) } ?? true, "duplicate member name")
      separate()
      appendQuoted(member.name)
      bytes.append(UInt8(ascii: ":"))
      followsValue = false
      value(member.value)
      previous = member.name
    }
    end(UInt8(ascii: "}"))
  }

  private mutating func appendDecimal(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    var unit: UInt64 = 1
    while magnitude / unit >= 10 { unit *= 10 }
    while unit > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(magnitude / unit % 10))
      unit /= 10
    }
  }

  private mutating func appendQuoted(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    let text = value.utf8.span
    if text.indices.contains(where: { needsEscape(text[$0]) }) {
      for byte in value.utf8 { appendEscaped(byte) }
    } else {
      unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    guard needsEscape(byte) else { return bytes.append(byte) }
    bytes.append(UInt8(ascii: "\\"))
    if let letter = shortEscape(of: byte) { return bytes.append(letter) }
    bytes.append(contentsOf: "u00".utf8)
    bytes.append(hexadecimalLetter(byte >> 4))
    bytes.append(hexadecimalLetter(byte & 0xf))
  }
}

private func inCanonicalOrder(_ members: [JSON.Member]) -> [JSON.Member] {
  let isOrdered = members.indices.dropFirst().allSatisfy {
    precedesInCodeUnits(members[$0 - 1].name, members[$0].name)
  }
  return isOrdered ? members : members.sorted { precedesInCodeUnits($0.name, $1.name) }
}

private func isPlain(_ byte: UInt8) -> Bool { byte < 0x7f && !needsEscape(byte) }
