import Ledger

/// What a token that was issued adds to the state: a row for its client and a use of its secret.
struct TokenNote {
  let client: Identifier
  let secret: Identifier
  let position: Position
  let issued: Timestamp

  init(_ token: PlainToken) {
    client = token.client
    secret = token.secret
    position = token.position
    issued = token.recorded
  }
}

extension [TokenNote] {
  /// In the order of the table of tokens by client.
  var byClient: [TokenNote] {
    sorted { ($0.client, $0.position) < ($1.client, $1.position) }
  }

  /// What these tokens add to the uses of each secret, in the order of secrets.
  var uses: [(secret: Identifier, use: SecretUse)] {
    var uses: [Identifier: SecretUse] = [:]
    for note in self {
      let use = SecretUse(count: 1, last: note.issued)
      uses[note.secret] = uses[note.secret]?.adding(use) ?? use
    }
    return uses.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
