import Cryptography
import Ledger
import Narrative

extension Picture {
  /// Lends a line at a time: the moment, then every thing with what is in it below.
  package func writeWords(_ line: (String) throws -> Void) throws {
    try line("as of position \(moment.position), \(moment.time.text)")
    if let root { try line("root \(Base64.encode(root.bytes))") }
    if let token { return try words(token).forEach(line) }
    if selection.isWhole {
      try line("\(moment.position + 1) events, \(Self.tokens(state.tokenCount)) issued")
    }
    try line("\(Self.tokens(liveTokens)) good")
    for id in selection.things(.ledger) { try line(words(ledger: id)) }
    for list in Self.lists {
      let ids = selection.things(list.kind)
      if ids.isEmpty { continue }
      try line("\(list.name): \(ids.count)")
      for id in ids {
        try line("  \(id.text) \(words(id))")
        for detail in try details(id) { try line("    \(detail)") }
      }
    }
    try revocations().words(names).forEach(line)
  }

  private static func tokens(_ count: UInt64) -> String {
    count == 1 ? "1 token" : "\(count) tokens"
  }

  private var names: Names { Names(state: state) }

  private func words(_ found: FoundToken) throws -> [String] {
    let token = found.token
    let obstacle = try token.obstacle(in: state, at: moment.time)
    return [
      "token \(token.id.text), position \(token.position), of client "
        + "\(try names.words(token.client)), from \(found.address)",
      obstacle.map { "not good: \($0.rawValue)" } ?? "good until "
        + Timestamp(seconds: token.data.expires).wholeSecond,
    ]
  }

  private func words(ledger id: Identifier) -> String {
    guard let ledger = state.ledgers[id]?.record else { return "" }
    let policy = ledger.policy
    return "ledger \(id.text) \"\(ledger.origin)\", issuer \(ledger.issuer), begun "
      + "\(ledger.created.text); policy: denial burst \(policy.denialBurst.rawValue) from "
      + "\(policy.threshold) on, new network \(policy.newNetwork.rawValue), replaced secret "
      + policy.replacedSecret.rawValue
  }

  /// What a thing is, behind its identifier.
  func words(_ id: Identifier) throws -> String {
    switch id.kind {
    case .account: try state.account(id).map(words) ?? ""
    case .charge: try state.charges[id].map { try words($0.record.data) } ?? ""
    case .client: try state.client(id).map(words) ?? ""
    case .key: state.signingKey()?.id == id ? "signs" : "has signed"
    case .plan:
      state.plan(id).map { "\"\($0.name)\" revision \($0.revision): \($0.rates.words)" } ?? ""
    case .project: try state.project(id).map(words) ?? ""
    case .role: state.role(id).map(Self.words) ?? ""
    case .secret: try state.secret(id).map(words) ?? ""
    case .ledger, .grant, .token: ""
    }
  }

  private func words(_ account: Account) throws -> String {
    let plan = try account.plan.map { "plan \(try names.words($0))" } ?? "no plan"
    return "\"\(account.name)\" \(account.status.rawValue), \(account.currency.code), \(plan)"
  }

  private func words(_ charge: BillingCharged) throws -> String {
    "\(charge.total.words) \(charge.item.rawValue.replacing("_", with: " ")) for client "
      + "\(try names.words(charge.paysFor)), account \(try names.words(charge.account)), "
      + charge.period
  }

  private func words(_ client: Client) throws -> String {
    let metadata = client.metadata
    let called = client.clientID == client.id.text ? "" : " (\(client.clientID))"
    return "\"\(metadata.clientName)\"\(called) \(client.status.rawValue), "
      + "\(metadata.mode.rawValue), \(metadata.applicationType.rawValue), project "
      + "\(try names.words(client.project)), scope "
      + "\(metadata.scope.isEmpty ? "none" : metadata.scope.text), audience "
      + "\(metadata.audience), tokens for \(metadata.tokenLifetime) s, owned by "
      + "\(try names.words(client.owner)), \(Self.tokens(census.byClient[client.id] ?? 0)) good"
  }

  private func words(_ project: Project) throws -> String {
    let description = project.description.map { ": \($0)" } ?? ""
    return "\"\(project.name)\" of account \(try names.words(project.account))\(description)"
  }

  private static func words(_ role: Role) -> String {
    let permissions = role.permissions.ordered.map(\.rawValue).joined(separator: ", ")
    return "\"\(role.name)\": \(permissions)"
  }

  private func words(_ secret: Secret) throws -> String {
    "…\(secret.verifier.lastFour) of client \(try names.words(secret.client)), "
      + secret.validity(at: moment.time)
  }

  /// What stands within a thing.
  private func details(_ id: Identifier) throws -> [String] {
    switch id.kind {
    case .project:
      let project = state.project(id)
      return (project?.scopes ?? []).map { "scope \($0.name): \"\($0.description)\"" }
        + (project?.domains ?? []).map {
          "domain \($0.rule.domain.text): \($0.rule.terms.words)"
        }
    case .client:
      let roles =
        try state.holdings(of: id)?.grants.map {
          try names.words($0.role, at: $0.place.project ?? $0.place.account)
        } ?? []
      let accepted = state.acknowledgements[id].map {
        "acknowledged by \($0.acknowledgedBy): \($0.items.joined(separator: ", ")) "
          + "(statement \($0.statement))"
      }
      return roles + (accepted.map { [$0] } ?? [])
    default: return []
    }
  }
}

extension Secret {
  /// Whether it is accepted at a time, and how long.
  func validity(at time: Timestamp) -> String {
    if let revoked, revoked <= time { return "ended \(revoked.wholeSecond)" }
    guard let expires else { return "accepted" }
    let end = Timestamp(seconds: expires).wholeSecond
    return hasExpired(expires, at: time)
      ? "accepted until \(end), and so no more" : "accepted until \(end)"
  }
}

extension Picture.Revocations {
  func words(_ names: Names) throws -> [String] {
    try tokens.map {
      "revoked: token \($0.id.text), position \($0.position), of client "
        + "\(try names.words($0.client))"
    }
      + voided.map {
        "void: tokens of \(try names.words($0.thing)) from before position \($0.before)"
      }
  }
}
