import CanonicalJSON
import Foundation
import Journal
import Replay

extension Tallystick {
  /// `tallystick replay …`: reads the log alone.
  static func replay(_ arguments: [String]) throws -> ExitStatus {
    guard let command = arguments.first else {
      throw Failure(.usage, "replay needs one of verify, rebuild, compare")
    }
    let options = try Options(
      Array(arguments.dropFirst()), withValue: ["data"], plain: ["json"])
    switch command {
    case "verify": return try replayVerify(options)
    case "rebuild": return try replayRebuild(options)
    case "compare": return try replayCompare(options)
    default: throw Failure(.usage, "there is no replay \(command)")
    }
  }

  private static func replayVerify(_ options: Options) throws -> ExitStatus {
    let directory = try ledgerDirectory(options)
    let result = try verify(LMDBJournal.open(directory.journal, readOnly: true)) {
      Terminal.progress("verified", $0)
    }
    Terminal.endProgress()
    if options.has("json") {
      var members: [JSON.Member] = [.init("events", .integer(Int64(result.events)))]
      if let fault = result.fault {
        members.append(.init("position", .integer(Int64(fault.position))))
        members.append(.init("fault", .string(fault.what)))
      }
      try Terminal.json(members + [.init("verified", .bool(result.fault == nil))])
    } else if let fault = result.fault {
      try Terminal.line(
        "\(result.events) events are good; the event at position \(fault.position) \(fault.what)")
    } else {
      try Terminal.line("\(result.events) events verified")
    }
    return result.fault == nil ? .done : .negative
  }

  private static func replayRebuild(_ options: Options) throws -> ExitStatus {
    let directory = try ledgerDirectory(options)
    let lock = try takeLock(directory)
    defer { withExtendedLifetime(lock) {} }
    let journal = try LMDBJournal.open(directory.journal, readOnly: true)
    let result = try rebuild(journal, in: directory.state) { Terminal.progress("applied", $0) }
    Terminal.endProgress()
    try report(result, [.init("digest", .string(result.digest))], options)
    return .done
  }

  private static func replayCompare(_ options: Options) throws -> ExitStatus {
    let directory = try ledgerDirectory(options)
    let journal = try LMDBJournal.open(directory.journal, readOnly: true)
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tallystick-compare-\(UUID().uuidString)")
    guard unsafe mkdir(scratch.path, 0o700) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(.usage, "\(scratch.path) cannot be created: \(reason); TMPDIR says where")
    }
    defer { try? FileManager.default.removeItem(at: scratch) }
    let result = try compare(journal, statePath: directory.state, scratch: scratch.path) {
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

  private static func report(
    _ result: RebuiltState, _ members: [JSON.Member], _ options: Options
  ) throws {
    let position = result.position.map { JSON.integer(Int64($0)) } ?? .null
    let all =
      [
        .init("events", .integer(Int64(result.events))), .init("position", position),
        .init("events_per_second", .integer(Int64(result.eventsPerSecond))),
      ] + members
    if options.has("json") { return try Terminal.json(all) }
    for member in all {
      let value = String(decoding: member.value.canonicalBytes(), as: UTF8.self)
      try Terminal.line("\(member.name): \(value.replacing("\"", with: ""))")
    }
  }
}
