import Ledger
import Replay

extension ReplayCommand {
  static let restore = ReplayCommand(
    "restore", withValue: LedgerCopy.flags + ["from", "position", "time", "recipient-key"],
    summary: "makes a ledger of a backup, whole or up to a command",
    help: """
      Makes a ledger in DIR of the backup DEST, with the same bytes and the same root. Every file of the
      backup is read and checked, also those behind the moment that is asked for; DIR is there when all
      of it is right, and not before. The state is made from the log when the ledger is first served.

        --from DEST                what replay backup made
        --data DIR                 a directory that is missing or empty
        --position N               up to the event at N, which must end a command
        --time T                   up to the last event that was recorded by T (RFC 3339)
        --recipient-key KEY.pem    opens keys.cms: the certificate's private key, unencrypted
        --keys DIR                 instead: the folder keys of the ledger, kept elsewhere
        --checkpoint FILE          the newest checkpoint of the log that anybody kept
        --origin NAME              go on as another log
        --json                     prints one JSON object

      A ledger that lacks events which its origin has signed for would contradict that with the next
      checkpoint. So it is refused, going by the checkpoint in the backup and by FILE: the one that was
      lost may have signed more than the backup has. With --origin it goes on under another name, with a
      new checkpoint key, and an event ledger.continued says from which checkpoint.

      exit status: 0 done, 1 something in DEST is missing or damaged, or the ledger would contradict a
      checkpoint, 2 the call was wrong, or there is no such moment, 3 DEST could not be
      read or DIR not be written
      """
  ) { options in
    let backup = BackupDirectory(try options.required("from"))
    let moment = try options.moment()
    try BackupFailure.told {
      var copy = try LedgerCopy(options, command: "restore")
      try copy.make(stored: backup.checkpoint(), keys: { try putKeys(of: backup, $0, options) }) {
        try Replay.restore(backup, to: moment, into: $0, refuse: $1) {
          Terminal.progress("read", $0)
        }
      }
    }
    return .done
  }

  /// - Returns: whether there are any.
  private static func putKeys(
    of backup: BackupDirectory, _ folder: String, _ options: Options
  ) throws -> Bool {
    switch (options["recipient-key"], options["keys"]) {
    case (nil, nil): return false
    case (let key?, nil):
      try BackupFailure.telling("\(backup.path)/keys.cms does not open with \(key)") {
        try backup.restoreKeys(to: folder, with: Tallystick.read(key))
      }
    case (nil, let source?): try copyKeys(from: source, to: folder)
    case (_?, _?): throw Failure(.usage, "--recipient-key and --keys are two sources; give one")
    }
    return true
  }
}
