/// A request line and headers that keep every rule of RFC 9112 that smuggling could bend.
struct RequestHead {
  enum Length: Equatable {
    case none
    case fixed(Int)
    case chunked
  }

  /// The head as sent, to which the fields point.
  let bytes: [UInt8]
  private(set) var method = ""
  private(set) var path = ""
  private(set) var query: String?
  private(set) var isVersion10 = false
  private(set) var fields: [Field] = []
  private(set) var length = Length.none
  private(set) var keepsAlive = true
  private(set) var expectsContinue = false

  /// Takes a whole head, as ``HeadScanner`` delimits it.
  init(_ bytes: [UInt8], maximumFields: Int) throws(Refusal) {
    self.bytes = bytes
    let span = bytes.span
    var position = 0
    try takeRequestLine(span, &position)
    var semantics = FieldSemantics()
    fields.reserveCapacity(8)
    while span[position] != .carriageReturn {
      let field = try RequestHead.takeField(span, &position)
      guard fields.count < maximumFields else { throw .tooManyHeaders }
      try semantics.take(field, in: span)
      fields.append(field)
    }
    guard position + 2 == span.count else { throw .bareCarriageReturn }
    try apply(semantics)
  }

  private mutating func apply(_ semantics: FieldSemantics) throws(Refusal) {
    length = try semantics.length(isVersion10: isVersion10)
    if !isVersion10 {
      guard semantics.hasHost else { throw .missingHost }
      guard !semantics.expectsUnknown else { throw .unknownExpectation }
      expectsContinue = semantics.expectsContinue
    }
    keepsAlive = !semantics.closes && (!isVersion10 || semantics.keepsAlive)
  }

  private mutating func takeRequestLine(
    _ span: Span<UInt8>, _ position: inout Int
  ) throws(Refusal) {
    while span[position].isTokenCharacter { position += 1 }
    guard position > 0, span[position] == 0x20 else { throw .malformedRequestLine }
    method = span.text(0..<position)
    position += 1
    try takeTarget(span, &position)
    position += 1
    try takeVersion(span, &position)
  }

  private mutating func takeTarget(_ span: Span<UInt8>, _ position: inout Int) throws(Refusal) {
    let start = position
    var mark: Int?
    while span[position].isTargetCharacter {
      if mark == nil, span[position] == UInt8(ascii: "?") { mark = position }
      position += 1
    }
    guard span[position] == 0x20 else {
      throw span[position] == .carriageReturn ? .malformedRequestLine : .invalidTarget
    }
    guard position > start, span[start] == UInt8(ascii: "/") else { throw .invalidTarget }
    path = span.text(start..<(mark ?? position))
    if let mark { query = span.text(mark + 1..<position) }
  }

  private mutating func takeVersion(_ span: Span<UInt8>, _ position: inout Int) throws(Refusal) {
    let end = position + 10
    guard end <= span.count, span.text(position..<position + 5) == "HTTP/",
      span[position + 5].isDigit, span[position + 6] == UInt8(ascii: "."),
      span[position + 7].isDigit, span[position + 8] == .carriageReturn,
      span[position + 9] == .lineFeed
    else { throw .malformedRequestLine }
    let minor = span[position + 7]
    guard span[position + 5] == 0x31, minor <= 0x31 else { throw .unsupportedVersion }
    isVersion10 = minor == 0x30
    position = end
  }

  /// Takes one header line; the position is at its first byte and then at the next line's.
  static func takeField(_ span: Span<UInt8>, _ position: inout Int) throws(Refusal) -> Field {
    let start = position
    while span[position].isTokenCharacter { position += 1 }
    let name = start..<position
    guard span[position] == UInt8(ascii: ":"), !name.isEmpty else {
      guard span[position].isBlank else { throw .invalidHeaderName }
      throw name.isEmpty ? .foldedHeader : .spaceBeforeColon
    }
    position += 1
    let valueStart = position
    while span[position].isFieldCharacter { position += 1 }
    let value = span.trimmed(valueStart..<position)
    guard span[position] == .carriageReturn else { throw .invalidHeaderValue }
    guard span[position + 1] == .lineFeed else { throw .bareCarriageReturn }
    position += 2
    return Field(name: name, value: value)
  }
}
