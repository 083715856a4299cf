import CanonicalJSON
import Foundation
import Journal
import Replay

extension ReplayCommand {
  static let compare = ReplayCommand(
    "compare", summary: "compares the live state with one made from the log",
    help: """
      Rebuilds the state in a temporary directory (TMPDIR, at least 128 MiB) up to the event that the live
      one has reached, and compares their digests. Works beside a running server.

        --data DIR   the ledger
        --json       prints one JSON object

      exit status: 0 equal, 1 different, 2 the call was wrong, 3 the log could not be read
      """
  ) { options in
    let directory = try Tallystick.ledgerDirectory(options)
    let journal = try LMDBJournal.open(directory.journal, readOnly: true)
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tallystick-compare-\(UUID().uuidString)")
    guard unsafe mkdir(scratch.path, 0o700) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(.usage, "\(scratch.path) cannot be created: \(reason); TMPDIR says where")
    }
    defer { try? FileManager.default.removeItem(at: scratch) }
    let result = try Replay.compare(
      journal, statePath: directory.state, scratch: scratch.path
    ) {
      Terminal.progress("applied", $0)
    }
    Terminal.endProgress()
    try report(
      result.rebuilt,
      [
        .init("digest", .string(result.rebuilt.digest)), .init("live", .string(result.live)),
        .init("rebuilt", .string(result.rebuilt.digest)), .init("equal", .bool(result.isEqual)),
      ], options)
    return result.isEqual ? .done : .negative
  }
}
