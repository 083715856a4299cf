import Foundation
import Journal
import Ledger
import Replay

/// What the commands that look back have in common.
extension ReplayCommand {
  /// The log of a data directory, for reading beside a server, and how many of its events count.
  static func log(_ options: Options) throws -> (walk: LogWalk, head: Position) {
    let directory = try Tallystick.ledgerDirectory(options)
    let walk = try LogWalk(LMDBJournal.open(directory.journal, readOnly: true))
    return (walk, try walk.reader.head())
  }

  static func name(ofMoment text: String, _ flag: String) throws(Failure) -> PastMoment.Name {
    guard let name = PastMoment.Name(text) else {
      throw Failure(
        .usage, "\(flag) must be a position or a time such as 2026-11-21T05:16:00Z, not \(text)")
    }
    return name
  }

  /// The moment that a name stands for. A time that is still to come is none.
  static func moment(
    _ name: PastMoment.Name, in log: (walk: LogWalk, head: Position)
  ) throws -> PastMoment {
    if case .time(let time) = name, time > now {
      throw Failure(.negative, "\(time.text) is still to come")
    }
    do {
      return try log.walk.reader.moment(name, head: log.head)
    } catch let error as NoSuchMoment {
      throw Failure(error.isWithinCommand ? .usage : .negative, error.description)
    }
  }

  /// - Throws: when an end is before its beginning, as far as that can be told without the log.
  static func requireOrder(_ from: PastMoment.Name, _ to: PastMoment.Name?) throws(Failure) {
    let isReversed =
      switch (from, to) {
      case (.position(let from), .position(let to)): from > to
      case (.time(let from), .time(let to)): from > to
      default: false
      }
    if isReversed { throw Failure(.usage, "--from must not be behind --to") }
  }

  static var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }

  /// - Throws: when the text is no identifier of this ledger's form. Does not repeat it: it may be a
  ///   secret, whose identifier is meant.
  static func identifier(_ text: String, _ what: String) throws(Failure) -> Identifier {
    guard let id = Identifier(text) else {
      throw Failure(.usage, "\(what) must be an identifier such as cli_01…")
    }
    return id
  }
}
