import CanonicalJSON
import MerkleLog
import Replay

extension ReplayCommand {
  static let check = ReplayCommand(
    "check", arguments: ["FILE"], withValue: ["key"],
    summary: "checks an evidence bundle; needs no ledger",
    help: """
      Checks an evidence bundle offline: every byte of the archive, the checkpoint's signature, and of
      each event its canonical form, its schema, its position and its proof; that no file is missing
      and none is too many. Names the first file that is wrong. check.py in the bundle does the same,
      but for the schemas, with nothing but Python.

        FILE         what tallystick replay export --bundle wrote
        --key KEY    the log's verifier key, had from elsewhere than the bundle; without it the key in
                     the bundle is used, which proves only that the bundle is consistent with itself
        --json       prints one JSON object

      exit status: 0 all is proven, 1 something is wrong, 2 the call was wrong, 3 the file could not be
                   read
      """
  ) { options in
    let path = options.positionals[0]
    let key = try options.noteVerifier("key")
    let file = try Tallystick.read(path)
    do {
      let bundle = try checkBundle(file, key: key)
      return try report(bundle, isKeyGiven: key != nil, options)
    } catch let fault as BundleFault {
      return try report(fault, options)
    }
  }
}

// MARK: - What is told

extension ReplayCommand {
  private static func report(
    _ bundle: CheckedBundle, isKeyGiven: Bool, _ options: Options
  ) throws -> ExitStatus {
    let (origin, size) = (bundle.checkpoint.origin, bundle.checkpoint.size)
    if options.has("json") {
      try Terminal.json([
        .init("events", .integer(Int64(bundle.events))), .init("key", .string(bundle.key)),
        .init("key_is_given", .bool(isKeyGiven)), .init("naming", .integer(Int64(bundle.naming))),
        .init("notes", .array(bundle.notes.map { .string($0) })), .init("origin", .string(origin)),
        .init("size", .integer(Int64(size))), .init("subject", .string(bundle.subject)),
        .init("verified", .bool(true)),
      ])
      return .done
    }
    for note in bundle.notes { try Terminal.line("note: \(shown(note))") }
    let (events, naming, key) = (bundle.events, bundle.naming, bundle.key)
    let proven = "\(events) events verified, \(naming) name \(bundle.subject); \(origin) at \(size)"
    try Terminal.line(shown(proven))
    if !isKeyGiven {
      try Terminal.line(shown("WARNING: checked with the bundle's own key \(key)"))
    }
    return .done
  }

  private static func report(_ fault: BundleFault, _ options: Options) throws -> ExitStatus {
    if options.has("json") {
      try Terminal.json([
        .init("fault", .string(fault.what)), .init("file", .string(fault.file)),
        .init("verified", .bool(false)),
      ])
    } else {
      try Terminal.line(shown(fault.description))
    }
    return .negative
  }

  /// What a bundle says of itself, without what a terminal would take for a command.
  private static func shown(_ text: String) -> String {
    String(text.map { $0.isASCII && !$0.isNewline && $0 >= " " && $0 != "\u{7F}" ? $0 : "?" })
  }
}
