package import Journal
package import Ledger

/// Reads events one by one, up to the first that is missing, and tells each before it is touched: for
/// finding which of them cannot be read without ending the process.
@available(*, noasync)
package func locate(
  _ journal: any Journal, from position: Position, telling steps: Steps
) throws {
  let reader = try journal.makeReader()
  for position in position..<max(position, try reader.head()) {
    steps.tell(position)
    guard try reader.event(at: position) != nil else { return }
  }
}
