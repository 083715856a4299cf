/// What the ledger notices by itself.
package enum AlertRule: String, Sendable, CaseIterable {
  /// Many attempts to be one client were denied in one minute.
  case denialBurst = "denial_burst"
  /// A token was asked for from a network that its client was never seen in.
  case newNetwork = "new_network"
  /// A secret was shown that was good once.
  case replacedSecret = "replaced_secret"
}

/// What a rule noticed of a client.
package enum Finding: Sendable, Hashable {
  /// - Parameters:
  ///   - count: attempts denied in the minute so far that may be guesses: wrong secrets, and what
  ///     was held up.
  ///   - minute: the epoch second at which it began.
  case denialBurst(count: Int64, minute: Int64)
  /// A block of addresses: the /24 of an IPv4 address, the /64 of another.
  case newNetwork(String)
  case replacedSecret(Identifier, source: String)

  package var rule: AlertRule {
    switch self {
    case .denialBurst: .denialBurst
    case .newNetwork: .newNetwork
    case .replacedSecret: .replacedSecret
    }
  }

  /// The thing of which the same rule has nothing new to tell for an hour: the client or the
  /// secret. Nil when it never tells the same twice.
  func concerned(_ client: Identifier) -> Identifier? {
    switch self {
    case .denialBurst: client
    case .newNetwork: nil
    case .replacedSecret(let secret, _): secret
    }
  }
}
