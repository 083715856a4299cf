/// Reads one document. The bytes are an argument of every step; the parser keeps its place in them.
struct Parser {
  var offset = 0
  private let maximumDepth: Int
  let isCanonical: Bool

  init(maximumDepth: Int, isCanonical: Bool) {
    self.maximumDepth = maximumDepth
    self.isCanonical = isCanonical
  }

  mutating func document(_ bytes: Span<UInt8>) throws(JSONError) -> JSON {
    try skipWhiteSpace(bytes)
    let value = try value(bytes, depth: 0)
    try skipWhiteSpace(bytes)
    guard offset == bytes.count else { throw JSONError(.trailingBytes, at: offset) }
    return value
  }

  private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
    switch try peek(bytes) {
    case UInt8(ascii: "\""): return .string(try string(bytes))
    case UInt8(ascii: "{"): return try object(bytes, depth: depth)
    case UInt8(ascii: "["): return try array(bytes, depth: depth)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .integer(try integer(bytes))
    case UInt8(ascii: "t"): return try literal("true", .bool(true), bytes)
    case UInt8(ascii: "f"): return try literal("false", .bool(false), bytes)
    case UInt8(ascii: "n"): return try literal("null", .null, bytes)
    default: throw JSONError(.unexpectedByte, at: offset)
    }
  }

  private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
    try open(depth: depth)
    var members: [JSON.Member] = []
    if try closes(UInt8(ascii: "}"), bytes) { return .object(members) }
    members.reserveCapacity(8)
    var names = NamesSeen()
    repeat {
      try skipWhiteSpace(bytes)
      let name = try memberName(bytes, after: members, &names)
      try skipWhiteSpace(bytes)
      try expect(UInt8(ascii: ":"), bytes)
      try skipWhiteSpace(bytes)
      members.append(JSON.Member(name, try value(bytes, depth: depth + 1)))
    } while try continues(UInt8(ascii: "}"), bytes)
    return .object(members)
  }

  private mutating func memberName(
    _ bytes: Span<UInt8>, after members: [JSON.Member], _ names: inout NamesSeen
  ) throws(JSONError) -> String {
    let start = offset
    guard try peek(bytes) == UInt8(ascii: "\"") else {
      throw JSONError(.unexpectedByte, at: start)
    }
    let name = try string(bytes)
    switch names.place(name, written: start + 1..<offset - 1, in: bytes, after: members) {
    case .last: break
    case .duplicate: throw JSONError(.duplicateName, at: start)
    case .outOfOrder where isCanonical: throw JSONError(.notCanonical, at: start)
    case .outOfOrder: break
    }
    return name
  }

  private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSON {
    try open(depth: depth)
    var elements: [JSON] = []
    if try closes(UInt8(ascii: "]"), bytes) { return .array(elements) }
    repeat {
      try skipWhiteSpace(bytes)
      elements.append(try value(bytes, depth: depth + 1))
    } while try continues(UInt8(ascii: "]"), bytes)
    return .array(elements)
  }

  private mutating func literal(
    _ text: StaticString, _ value: JSON, _ bytes: Span<UInt8>
  ) throws(JSONError) -> JSON {
    for index in 0..<text.utf8CodeUnitCount {
      try expect(unsafe text.utf8Start[index], bytes)
    }
    return value
  }
}

// MARK: - Single bytes

extension Parser {
  func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
    guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
    return bytes[offset]
  }

  mutating func expect(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) {
    guard try peek(bytes) == byte else { throw JSONError(.unexpectedByte, at: offset) }
    offset += 1
  }

  @inline(__always)
  private mutating func skipWhiteSpace(_ bytes: Span<UInt8>) throws(JSONError) {
    if offset < bytes.count, bytes[offset] <= 0x20 { try skipRunOfWhiteSpace(bytes) }
  }

  private mutating func skipRunOfWhiteSpace(_ bytes: Span<UInt8>) throws(JSONError) {
    while offset < bytes.count, isWhiteSpace(bytes[offset]) {
      if isCanonical { throw JSONError(.notCanonical, at: offset) }
      offset += 1
    }
  }

  /// Steps over the bracket that begins a container.
  private mutating func open(depth: Int) throws(JSONError) {
    guard depth < maximumDepth else { throw JSONError(.tooDeep, at: offset) }
    offset += 1
  }

  /// Whether the container that was just opened ends at once.
  private mutating func closes(_ end: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
    try skipWhiteSpace(bytes)
    guard try peek(bytes) == end else { return false }
    offset += 1
    return true
  }

  /// Steps over what follows an element: true for a comma, false for the end of the container.
  private mutating func continues(_ end: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
    try skipWhiteSpace(bytes)
    let byte = try peek(bytes)
    guard byte == UInt8(ascii: ",") || byte == end else {
      throw JSONError(.unexpectedByte, at: offset)
    }
    offset += 1
    return byte != end
  }
}

private func isWhiteSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
}
