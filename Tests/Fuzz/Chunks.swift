@testable import HTTPServer

private let maximumBody = 64
private let maximumOverhead = 64

/// A chunked body is refused or decoded the same however it arrives, within its bounds, and as
/// its lines say.
@Sendable func checkChunks(_ input: [UInt8]) {
  let whole = decode(input, [])
  promise(whole.body.count <= maximumBody, "the body stays within its maximum")
  promise(decode(input, cuts(of: input)) == whole, "cuts change nothing")
  promise(decode(input, Array(input.indices)) == whole, "byte for byte is the same")
  guard whole.isComplete else { return }
  promise(whole.refusal == nil, "what is complete is not refused")
  promise(whole.body == body(of: input[..<whole.used]), "the body is what the chunks hold")
}

private struct Decoded: Equatable {
  var body: [UInt8] = []
  var used = 0
  var isComplete = false
  var refusal: Refusal?
}

/// What the decoder makes of bytes that come in pieces.
private func decode(_ input: [UInt8], _ cuts: [Int]) -> Decoded {
  var decoder = ChunkedDecoder(maximumBody: maximumBody, maximumOverhead: maximumOverhead)
  var decoded = Decoded()
  do throws(Refusal) {
    for cut in cuts + [input.count] where !decoder.isComplete {
      let piece = Array(input[..<cut])
      decoded.used += try decoder.decode(piece, from: decoded.used, into: &decoded.body)
    }
    decoded.isComplete = decoder.isComplete
  } catch {
    decoded.refusal = error
    decoded.used = 0
  }
  return decoded
}

/// The body of one whole message, read as RFC 9112, section 7.1.3, decodes it; nil if it is none.
private func body(of message: ArraySlice<UInt8>) -> [UInt8]? {
  var rest = message
  var body: [UInt8] = []
  while let line = takeLine(&rest) {
    let digits = line.prefix { $0 != UInt8(ascii: ";") }
    guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
    if size == 0 {
      while let trailer = takeLine(&rest), !trailer.isEmpty {}
      return rest.isEmpty ? body : nil
    }
    body += rest.prefix(size)
    rest = rest.dropFirst(size)
    guard takeLine(&rest)?.isEmpty == true else { return nil }
  }
  return nil
}

/// Takes the bytes to the next CR LF, and that.
private func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  guard let end = rest.firstIndex(of: 10), end > rest.startIndex, rest[end - 1] == 13 else {
    return nil
  }
  defer { rest = rest[(end + 1)...] }
  return rest[..<(end - 1)]
}
