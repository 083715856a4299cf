/// Finds where a head ends in bytes that arrive piecemeal; looks at each byte once.
struct HeadScanner {
  private var position = 0
  private var lineStart = 0

  /// The length of the head with its empty line; nil while that has not come. The head
  /// begins at `start`, with the bytes of the call before.
  /// - Throws: ``Refusal/malformedRequestLine`` as soon as the first byte cannot begin a method,
  ///   ``Refusal/bareLineFeed`` as soon as one is seen.
  mutating func end(in input: [UInt8], from start: Int) throws(Refusal) -> Int? {
    let bytes = input.span.extracting(start...)
    if position == 0, bytes.count > 0, !bytes[0].isTokenCharacter {
      throw .malformedRequestLine
    }
    while position < bytes.count {
      let octet = bytes[position]
      position += 1
      guard octet == .lineFeed else { continue }
      let length = position - lineStart
      guard length >= 2, bytes[position - 2] == .carriageReturn else { throw .bareLineFeed }
      if length == 2 { return position }
      lineStart = position
    }
    return nil
  }
}
