import CanonicalJSON

/// Clients, secrets and tokens that are to end together, and why.
package struct RevocationList: Sendable {
  /// How many things: what one command does is decided, and made durable, at once, while all others
  /// wait.
  package static let limit = 1_000

  /// A token, and where it was issued.
  package struct Token: Sendable, Hashable {
    package let id: Identifier
    package let position: Position
  }

  package let clients: [Identifier]
  package let secrets: [Identifier]
  package let tokens: [Token]
  /// Nil when those end them whose they are, and not the provider.
  let grounds: Grounds?
  package let reason: String

  /// Reads `{"clients","grounds","reason","secrets","tokens"}`; each thing is there once.
  package init(from reader: inout FieldReader) {
    clients = reader.identifiers("clients", .client, atMost: Self.limit)
    secrets = reader.identifiers("secrets", .secret, atMost: Self.limit)
    tokens = Self.tokens(from: &reader)
    grounds = reader.ifPresent("grounds") { $0.choice("grounds", nil, among: Grounds.allCases) }
    reason = reader.reason(isRequired: true) ?? ""
    if grounds == nil, !clients.isEmpty {
      reader.report("grounds", "is required where clients are revoked")
    }
    if !(1...Self.limit).contains(clients.count + secrets.count + tokens.count) {
      reader.report(
        "",
        "must name 1 to \(Self.limit) clients, secrets and tokens; a client and a secret take "
          + "their tokens with them")
    }
  }

  private static func tokens(from reader: inout FieldReader) -> [Token] {
    let tokens =
      reader.ifPresent("tokens") { reader in
        reader.list("tokens", count: 0...limit) {
          Token(
            id: $0.identifier("id", .token),
            position: Position($0.integer("position", in: 0...JSON.integers.upperBound)))
        }
      } ?? []
    var seen: Set<Identifier> = []
    for (index, token) in tokens.enumerated() where !seen.insert(token.id).inserted {
      reader.report("tokens[\(index)]", "is there twice")
    }
    return tokens
  }
}
