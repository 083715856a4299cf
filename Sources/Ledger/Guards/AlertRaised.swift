package import CanonicalJSON

/// A rule noticed something of the client that is the subject.
package struct AlertRaised: EventData, Hashable {
  package static let type = "alert.raised"

  package let finding: Finding
  /// The client was disabled for it, by the next event.
  package let suspends: Bool
  /// The policy wanted the client to be disabled, and it was not, for nobody else would hold the
  /// role owner for everything.
  package let spares: Bool

  init(_ finding: Finding, suspends: Bool, spares: Bool) {
    self.finding = finding
    self.suspends = suspends
    self.spares = spares
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    let action = try reader.choice("action", Policy.Action.self)
    switch try reader.choice("rule", AlertRule.self) {
    case .denialBurst:
      finding = .denialBurst(count: try reader.count("count"), minute: try reader.minute("minute"))
    case .newNetwork: finding = .newNetwork(try reader.string("network"))
    case .replacedSecret:
      finding = .replacedSecret(
        try reader.identifier("secret", .secret), source: try reader.string("source"))
    }
    let spared = try reader.optionalString("spared")
    suspends = action == .suspend
    spares = spared != nil
    guard action != .none, spared ?? Self.lastOwner == Self.lastOwner, !(suspends && spares) else {
      throw reader.malformed("action", "does not go with the members beside it")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("action", (suspends ? Policy.Action.suspend : .alert).rawValue)
    switch finding {
    case .denialBurst(let count, let minute):
      writer.member("count", count)
      writer.member("minute", minute)
      writer.member("rule", finding.rule.rawValue)
    case .newNetwork(let network):
      writer.member("network", network)
      writer.member("rule", finding.rule.rawValue)
    case .replacedSecret(let secret, let source):
      writer.member("rule", finding.rule.rawValue)
      writer.member("secret", secret)
      writer.member("source", source)
    }
    writer.member("spared", optional: spares ? Self.lastOwner : nil)
  }

  private static let lastOwner = "last_owner"
}
