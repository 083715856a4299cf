/// Decodes one chunked body, RFC 9112, section 7.1, from bytes that arrive piecemeal. Extensions
/// and trailers are read, bounded and dropped.
struct ChunkedDecoder {
  private enum Place {
    case size, sizeEnd, data, dataEnd, dataLineFeed
    case trailerStart, trailerName, trailerValue, trailerEnd, lastLineFeed, done
  }

  private var place = Place.size
  private var digits = 0
  /// What is left of the present chunk.
  private var remaining = 0
  private var inExtension = false
  /// What extensions and trailers may still take.
  private var overhead: Int
  private let maximumBody: Int

  /// - Parameter maximumOverhead: bytes of extensions and trailers together; past it
  ///   ``Refusal/headTooLarge``.
  /// - Parameter maximumBody: bytes of the decoded body; past it ``Refusal/bodyTooLarge``.
  init(maximumBody: Int, maximumOverhead: Int) {
    self.maximumBody = maximumBody
    overhead = maximumOverhead
  }

  var isComplete: Bool { place == .done }

  /// Appends what the bytes from `start` on hold of the body, and gives how many of them belong to
  /// the message: all of them unless it is complete.
  mutating func decode(
    _ input: [UInt8], from start: Int, into body: inout [UInt8]
  ) throws(Refusal) -> Int {
    let bytes = input.span.extracting(start...)
    var position = 0
    while position < bytes.count, place != .done {
      if place == .data {
        let end = min(position + remaining, bytes.count)
        unsafe bytes.extracting(position..<end).withUnsafeBufferPointer { data in
          unsafe body.append(contentsOf: data)
        }
        remaining -= end - position
        position = end
        if remaining == 0 { place = .dataEnd }
      } else {
        try take(bytes[position], body.count)
        position += 1
      }
    }
    return position
  }

  private mutating func take(_ octet: UInt8, _ decoded: Int) throws(Refusal) {
    switch place {
    case .size: try takeSize(octet, decoded)
    case .sizeEnd: try lineFeed(octet, then: remaining == 0 ? .trailerStart : .data)
    case .dataEnd:
      guard octet == .carriageReturn else { throw .invalidChunk }
      place = .dataLineFeed
    case .dataLineFeed: try lineFeed(octet, then: .size)
    case .trailerStart where octet == .carriageReturn: place = .lastLineFeed
    case .trailerStart, .trailerName: try takeTrailerName(octet)
    case .trailerValue where octet == .carriageReturn: place = .trailerEnd
    case .trailerValue: try spend(octet)
    case .trailerEnd: try lineFeed(octet, then: .trailerStart)
    case .lastLineFeed: try lineFeed(octet, then: .done)
    case .data, .done: break
    }
  }

  private mutating func takeSize(_ octet: UInt8, _ decoded: Int) throws(Refusal) {
    if octet == .carriageReturn, digits > 0 {
      place = .sizeEnd
      digits = 0
      inExtension = false
    } else if inExtension {
      try spend(octet)
    } else if let value = octet.hexadecimalValue, digits < 15 {
      digits += 1
      remaining = remaining << 4 | value
      guard remaining <= maximumBody - decoded else { throw .bodyTooLarge }
    } else {
      guard octet == UInt8(ascii: ";"), digits > 0 else { throw .invalidChunk }
      inExtension = true
    }
  }

  /// A trailer is a header line like any other, so that no request that follows too early can
  /// pass for one.
  private mutating func takeTrailerName(_ octet: UInt8) throws(Refusal) {
    let ends = octet == UInt8(ascii: ":") && place == .trailerName
    guard ends || octet.isTokenCharacter else { throw .invalidChunk }
    place = ends ? .trailerValue : .trailerName
    try spend(octet)
  }

  private mutating func lineFeed(_ octet: UInt8, then next: Place) throws(Refusal) {
    guard octet == .lineFeed else { throw .invalidChunk }
    place = next
  }

  private mutating func spend(_ octet: UInt8) throws(Refusal) {
    guard octet.isFieldCharacter else { throw .invalidChunk }
    guard overhead > 0 else { throw .headTooLarge }
    overhead -= 1
  }
}
