package import Journal
package import Ledger
import MerkleLog

/// Reads every event on all cores, rebuilds the tree over them, and checks what each event must be by
/// itself and after the one before it: canonical form, the schema of its type, its position, the
/// order of time, and whole commands.
///
/// - Parameters:
///   - heads: what was signed of this log.
///   - start: events before it are hashed and not looked into, but for some just before it.
///   - progress: called with the number of events found right, each time more.
/// - Throws: when the journal cannot be read at all.
@available(*, noasync)
package func verify(
  _ journal: any Journal, expecting heads: [ExpectedHead] = [], from start: Position = 0,
  progress: (UInt64) -> Void = { _ in }
) throws -> Verification {
  let reader = try journal.makeReader()
  let head = try reader.head()
  let checkSegments = { @Sendable () throws -> (Int) -> Segment.Findings in
    let reader = try journal.makeReader()
    return { Segment(number: UInt64($0), head: head).check(reader, from: start) }
  }
  var tree = TreeChecker(reader, expecting: heads)
  var keys: [LoggedKey] = []
  var origin: String?
  var fault: Verification.Fault?
  do {
    try tree.begin()
    try inOrder(count: Segment.count(head: head), makeWorker: checkSegments) { found in
      try tree.append(found.records)
      keys += found.keys
      origin = found.origin ?? origin
      progress(tree.edge.size)
      guard let fault = found.fault else { return true }
      try tree.finishEarly()
      throw fault
    }
    try tree.finish()
    if head == 0, start == 0 {
      throw Verification.Fault(event: 0, "is missing: no ledger begins here")
    }
  } catch let found as Verification.Fault {
    fault = found
  }
  return Verification(
    head: tree.edge.head, hashedAlone: Segment.hashedAlone(from: start, head: head),
    signed: nil, origin: origin, keys: keys, fault: fault)
}
