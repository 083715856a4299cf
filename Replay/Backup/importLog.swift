package import Journal
import Ledger
package import MerkleLog

/// Makes a log of events as they are stored, one a line.
///
/// - Parameters:
///   - journal: an empty one.
///   - next: gives the bytes as they come, in pieces of any size; nil at the end.
///   - progress: called now and then with the number of events read.
/// - Returns: the head of the new log.
/// - Throws: `Verification.Fault` for the first line that is not the next event of a log, or whose
///   end is missing; `JournalError`, and what `next` throws.
@available(*, noasync)
package func importLog(
  into journal: any Journal, progress: (UInt64) -> Void = { _ in },
  from next: () throws -> [UInt8]?
) throws -> TreeHead {
  var copy = LogCopy(journal)
  var line: [UInt8] = []
  while let piece = try next() {
    var rest = piece[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      line += rest[..<end]
      try copy.append(line)
      line.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    line += rest
    guard line.count <= Event.maximumSize else {
      throw Verification.Fault(event: copy.count, "is larger than an event may be")
    }
    progress(copy.count)
  }
  guard line.isEmpty else {
    throw Verification.Fault(event: copy.count, "stands on a line without an end")
  }
  return try copy.finish()
}
