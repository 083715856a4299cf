package import Journal

/// Reads every event on all cores and checks what each must be by itself and after the one before
/// it: canonical form, the schema of its type, its position, the order of time, and whole commands.
///
/// - Parameter progress: called with the number of events found right, each time more.
/// - Throws: when the journal cannot be read at all.
@available(*, noasync)
package func verify(
  _ journal: any Journal, progress: (UInt64) -> Void = { _ in }
) throws -> Verification {
  let head = try journal.makeReader().head()
  var events: UInt64 = 0
  var fault: Verification.Fault?
  let checkSegments = { @Sendable () throws -> (Int) -> Segment.Findings in
    let reader = try journal.makeReader()
    return { Segment(number: UInt64($0), head: head).check(reader) }
  }
  let count = Int((head + Segment.size - 1) / Segment.size)
  try inOrder(count: count, makeWorker: checkSegments) { found in
    events += found.events
    fault = found.fault
    progress(events)
    return fault == nil
  }
  return Verification(events: events, fault: fault)
}
