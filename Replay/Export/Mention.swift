import Glibc
package import Ledger

/// Finds the events that name a thing: as their subject, as their actor, or anywhere in their data,
/// by its whole identifier. Text that only speaks of it does not count.
package struct Mention: Sendable {
  private let quoted: [UInt8]

  package init(_ id: Identifier) { quoted = Array("\"\(id.text)\"".utf8) }

  /// - Parameter event: its stored bytes.
  package func stands(in event: [UInt8]) -> Bool {
    unsafe event.withUnsafeBufferPointer { event in
      unsafe quoted.withUnsafeBufferPointer { quoted in
        unsafe Self.stands(quoted, in: event)
      }
    }
  }

  private static func stands(
    _ quoted: UnsafeBufferPointer<UInt8>, in event: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var place = 1
    while place + quoted.count <= event.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(event)[place...])
      guard let mark = unsafe memchr(rest.baseAddress!, 0x22, rest.count) else { return false }
      place += unsafe UnsafeRawPointer(mark) - rest.baseAddress!
      guard place + quoted.count <= event.count else { return false }
      // Behind anything else the quotation mark is one inside a text.
      if unsafe starts.contains(event[place - 1]),
        unsafe memcmp(mark, quoted.baseAddress!, quoted.count) == 0
      {
        return true
      }
      place += 1
    }
    return false
  }

  private static let starts = Array(":,[{".utf8)
}
