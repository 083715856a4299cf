import CanonicalJSON
import Foundation
import Journal
import Replay

extension Tallystick {
  /// `tallystick replay …`: reads the log alone.
  static func replay(_ arguments: inout [String]) throws {
    guard !arguments.isEmpty else {
      throw Failure(.usage, "replay needs one of verify, rebuild, compare")
    }
    let command = arguments.removeFirst()
    let flags = Options.Flags(withValue: ["data"], plain: ["json"])
    let options = try Options(arguments, flags)
    let directory = DataDirectory(try options.required("data"))
    switch command {
    case "verify": try replayVerify(directory, options)
    case "rebuild": try replayRebuild(directory, options)
    case "compare": try replayCompare(directory, options)
    default: throw Failure(.usage, "there is no replay \(command)")
    }
  }

  private static func openJournal(_ directory: DataDirectory) throws -> LMDBJournal {
    guard directory.holdsLedger else {
      throw Failure(.unreadable, "\(directory.path) holds no ledger")
    }
    return try LMDBJournal.open(directory.journal, readOnly: true)
  }

  private static func replayVerify(_ directory: DataDirectory, _ options: Options) throws {
    let result = try verify(openJournal(directory)) { Terminal.progress("verified", $0) }
    Terminal.endProgress()
    if options.has("json") {
      var members: [JSON.Member] = [.init("events", .integer(Int64(result.events)))]
      if let fault = result.fault {
        members.append(.init("position", .integer(Int64(fault.position))))
        members.append(.init("fault", .string(fault.what)))
      }
      Terminal.json(members + [.init("verified", .bool(result.fault == nil))])
    } else if let fault = result.fault {
      Terminal.line(
        "\(result.events) events are good; the event at position \(fault.position) \(fault.what)")
    } else {
      Terminal.line("\(result.events) events verified")
    }
    if result.fault != nil { exit(ExitStatus.negative.rawValue) }
  }

  private static func replayRebuild(_ directory: DataDirectory, _ options: Options) throws {
    let journal = try openJournal(directory)
    let lock: DirectoryLock
    do {
      lock = try directory.lock()
    } catch {
      throw Failure(error.code == .inUse ? .usage : .unreadable, error.description)
    }
    defer { withExtendedLifetime(lock) {} }
    let result = try rebuild(journal, in: directory.state) { Terminal.progress("applied", $0) }
    Terminal.endProgress()
    report(result, [.init("digest", .string(result.digest))], options)
  }

  private static func replayCompare(_ directory: DataDirectory, _ options: Options) throws {
    let journal = try openJournal(directory)
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tallystick-compare-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(
      at: scratch, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: scratch) }
    let result = try compare(journal, statePath: directory.state, scratch: scratch.path) {
      Terminal.progress("applied", $0)
    }
    Terminal.endProgress()
    report(
      result.rebuilt,
      [
        .init("digest", .string(result.rebuilt.digest)), .init("live", .string(result.live)),
        .init("rebuilt", .string(result.rebuilt.digest)), .init("equal", .bool(result.isEqual)),
      ], options)
    guard result.isEqual else {
      try? FileManager.default.removeItem(at: scratch)
      exit(ExitStatus.negative.rawValue)
    }
  }

  private static func report(
    _ result: RebuiltState, _ members: [JSON.Member], _ options: Options
  ) {
    let position = result.position.map { JSON.integer(Int64($0)) } ?? .null
    let all =
      [
        .init("events", .integer(Int64(result.events))), .init("position", position),
        .init("events_per_second", .integer(Int64(result.eventsPerSecond))),
      ] + members
    if options.has("json") { return Terminal.json(all) }
    for member in all {
      let value = String(decoding: member.value.canonicalBytes(), as: UTF8.self)
      Terminal.line("\(member.name): \(value.replacing("\"", with: ""))")
    }
  }
}
