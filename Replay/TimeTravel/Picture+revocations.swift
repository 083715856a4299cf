import CanonicalJSON
import Ledger

extension Picture {
  /// What is void at the moment and may not have expired by itself: single tokens, and all that a
  /// thing had.
  struct Revocations {
    /// Tokens that were revoked one by one and would not have expired yet, in the order of the log.
    let tokens: [IssuedToken]
    /// Things whose tokens of lower positions are void.
    let voided: [(thing: Identifier, before: Position)]
  }

  func revocations() throws -> Revocations {
    let clients = selection.ids
    let tokens = try state.revokedTokens
      .filter { !hasExpired($0.expires, at: moment.time) }.sorted { $0.position < $1.position }
      .compactMap { try state.event(at: $0.position).flatMap { IssuedToken($0) } }
      .filter { selection.isWhole || clients.contains($0.client) }
    let voided = state.voidings.filter { selection.isWhole || clients.contains($0.key) }
    return Revocations(tokens: tokens, voided: voided.map { ($0, $1) }.sorted { $0.1 < $1.1 })
  }
}

extension Picture.Revocations {
  var shown: JSON {
    .object([
      .init("tokens", .array(tokens.map(Self.shown))),
      .init(
        "voided",
        .array(
          voided.map {
            .object([
              .init("before", .integer(Int64($0.before))), .init("id", .string($0.thing.text)),
            ])
          })),
    ])
  }

  private static func shown(_ token: IssuedToken) -> JSON {
    .object([
      .init("client", .string(token.client.text)), .init("exp", .integer(token.data.expires)),
      .init("id", .string(token.id.text)), .init("position", .integer(Int64(token.position))),
    ])
  }
}
