package import Ledger

/// What became of a command.
package enum Outcome: Sendable {
  /// These events are durable and readers of the state see them. None: nothing had to change.
  case committed([Event])
  /// The same request was carried out before; its first event stands here.
  case repeated(Position)
  /// Nothing was written.
  case rejected(Rejection)
  /// Nothing was written; the same command may succeed later.
  case unavailable(Unavailability)
  /// The command may or may not be in the log; only looking there tells.
  case unknown
}

extension Outcome {
  /// An outcome without what it holds; one kind for each reason why nothing can be written.
  package enum Kind: Sendable, Hashable, CaseIterable {
    case committed, repeated, rejected, queueFull, noSpace, clock, stopping, unknown
  }

  var kind: Kind {
    switch self {
    case .committed: .committed
    case .repeated: .repeated
    case .rejected: .rejected
    case .unavailable(.queueFull): .queueFull
    case .unavailable(.noSpace): .noSpace
    case .unavailable(.clock): .clock
    case .unavailable(.stopping): .stopping
    case .unknown: .unknown
    }
  }
}

/// Why nothing can be written now.
package enum Unavailability: Sendable, Hashable {
  case queueFull
  /// The disk has no room. Passes by itself when there is.
  case noSpace
  /// The machine's clock was set, or is behind the log. Passes when it is right again or an
  /// operator vouches for it.
  case clock
  case stopping
}

/// Where answers are delivered: one call for all the answers of a batch that go there.
package protocol Mailbox: AnyObject, Sendable {
  /// Runs the work in order, soon, wherever the mailbox's owner wants it to run.
  func deliver(_ work: [@Sendable () -> Void])
}
