import Foundation
import MerkleLog
import Replay

extension ReplayCommand {
  static let importing = ReplayCommand(
    "import", arguments: ["FILE"], withValue: LedgerCopy.flags,
    summary: "makes a ledger of events as they are stored, one a line",
    help: """
      Makes a ledger in DIR of events as replay export and GET /admin/events give them as NDJSON: all of
      them from position 0 on, with the same bytes and so the same root. FILE may be - for standard
      input. A line that is not canonical, not of its schema, out of order, missing or half of a command
      is named, and then there is no ledger. That whole commands are missing at the end only a checkpoint
      can tell: name one.

        --data DIR          a directory that is missing or empty
        --keys DIR          the folder keys of the ledger that the events are from
        --checkpoint FILE   the newest checkpoint of the log that anybody kept: a ledger that lacks some
                            of its events is refused
        --origin NAME       go on as another log; see replay restore --help
        --json              prints one JSON object

      exit status: 0 done, 1 a line is no event of a log, or the ledger would contradict the checkpoint,
      2 the call was wrong, 3 FILE could not be read or DIR not be written
      """
  ) { options in
    let source = try Tallystick.open(options.positionals[0])
    try BackupFailure.told {
      var copy = try LedgerCopy(options, command: "import")
      try copy.make(stored: nil, keys: { try putKeys($0, options) }) { journal, refuse in
        let head = try importLog(into: journal, progress: { Terminal.progress("read", $0) }) {
          try source.read(upToCount: 1 << 20).map { Array($0) }
        }
        try refuse(head.size)
        return head
      }
    }
    return .done
  }

  /// - Returns: whether there are any.
  private static func putKeys(_ folder: String, _ options: Options) throws -> Bool {
    guard let source = options["keys"] else { return false }
    try copyKeys(from: source, to: folder)
    return true
  }
}
