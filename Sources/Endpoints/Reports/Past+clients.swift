import CanonicalJSON
import Ledger
import Narrative
import Projections

/// What most reports say of a client. Inside a read.
extension Past {
  static let clientColumns = [
    "account", "account_name", "project", "project_name", "client", "client_id", "client_name",
    "mode", "status",
  ]

  func cells(_ client: Client) throws -> [JSON?] {
    [
      .string(client.account.text), try name(client.account), .string(client.project.text),
      try name(client.project), .string(client.id.text), .string(client.clientID),
      .string(client.metadata.clientName), .string(client.metadata.mode.rawValue),
      .string(client.status.rawValue),
    ]
  }

  /// What a thing was called; nil when it had no name.
  func name(_ id: Identifier) throws -> JSON? {
    try Names(state: state).name(id).map { .string($0) }
  }

  /// The last token that a client had got, if it had any.
  func lastToken(of client: Identifier) throws -> IssuedToken? {
    try state.lastTokens(of: client, limit: 1).first.flatMap(token)
  }

  func token(at position: Position) throws -> IssuedToken? {
    try state.event(at: position).flatMap { IssuedToken($0) }
  }

  /// Lends the tokens of a client that were issued at some positions, the last one first; gives up
  /// after so many.
  ///
  /// - Returns: whether it did not give up.
  func tokens(
    of client: Identifier, in range: Range<Position>, effort: Int, _ body: (IssuedToken) -> Void
  ) throws -> Bool {
    var (end, left) = (range.upperBound, effort)
    while end > range.lowerBound, left > 0 {
      let positions = try state.lastTokens(of: client, upTo: end - 1, limit: min(left, Self.step))
      for position in positions where range.contains(position) {
        try token(at: position).map(body)
      }
      guard positions.count == min(left, Self.step), let last = positions.last else { return true }
      left -= positions.count
      end = last
    }
    return end <= range.lowerBound
  }

  /// Every client that was added under an account up to a position.
  func clients(ofAccount account: Identifier, at end: Position) throws -> [Identifier] {
    var clients: [Identifier] = []
    for position in try state.events(ofType: ProjectCreated.type, from: 0) where position <= end {
      guard let event = try state.event(at: position), case .projectCreated(let data) = event.body,
        data.account == account
      else { continue }
      clients += try self.clients(ofProject: event.subject, at: end)
    }
    return clients
  }

  /// Every client that was added to a project up to a position.
  func clients(ofProject project: Identifier, at end: Position) throws -> [Identifier] {
    try state.history(of: project, from: 0, through: end, limit: .max).compactMap { position in
      guard let event = try state.event(at: position), case .clientAdded = event.body else {
        return nil
      }
      return event.subject
    }
  }
}
