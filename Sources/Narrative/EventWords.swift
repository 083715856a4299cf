import CanonicalJSON
import Ledger
import Networks

/// What happened, in words that a person reads. A type of event without words does not compile.
struct EventWords {
  let event: Event
  /// Of the moment of the event.
  let names: Names

  func sentence() throws -> String {
    switch event.body {
    case .ledgerCreated(let data): "ledger begun for \(data.issuer)"
    case .ledgerContinued(let data):
      "log continued as \(data.origin); it does not hold all of \(data.previous.origin), "
        + "whose last checkpoint has \(data.previous.size) events"
    case .keyActivated: "signing key \(event.subject.text) activated"
    case .planDefined(let data): "plan \"\(data.name)\" defined: \(data.rates.words)"
    case .accountOpened(let data):
      "account \"\(data.name)\" opened, charged in \(data.currency.code)"
    case .planRevised(let data): Self.words(data)
    case .accountRenamed(let data): "account renamed from \"\(data.before)\" to \"\(data.after)\""
    case .accountSuspended: "account suspended, the tokens of its clients void"
    case .accountResumed: "account resumed"
    case .accountClosed: "account closed"
    case .planActivated(let data): try words(data)
    case .projectCreated(let data):
      "project \"\(data.name)\" created under account \(try names.words(data.account))"
    case .projectEdited: "project edited: \(try changes)"
    case .projectDeleted: "project \(try names.words(event.subject)) deleted"
    case .scopeDefined(let data): "scope \(data.name) defined: \"\(data.description)\""
    case .scopeEdited(let data):
      "scope \(data.name) described anew, from \"\(data.before.description)\" "
        + "to \"\(data.after.description)\""
    case .scopeRemoved(let data): "scope \(data.name) removed"
    case .domainAdded(let data):
      "domain \(data.rule.domain.text) added: \(data.rule.terms.words)"
    case .domainChanged(let data): "domain \(data.domain.text) changed: \(try changes)"
    case .domainRemoved(let data): "domain \(data.domain.text) removed, its tokens ended"
    case .clientAdded(let data): try words(data)
    case .clientRenamed(let data): "client renamed from \"\(data.before)\" to \"\(data.after)\""
    case .clientEdited: "client \(try client) edited: \(try changes)"
    case .clientOwnerChanged: "client \(try client) given to another: \(try changes)"
    case .clientDisabled: "client \(try client) disabled"
    case .clientEnabled: "client \(try client) enabled"
    case .clientRevoked(let data):
      "client \(try client) revoked for \(Self.words(data.grounds))"
    case .clientDeleted: "client \(try client) deleted"
    case .secretRotated(let data): try words(data)
    case .secretRevoked(let data):
      "secret \(try names.words(event.subject)) ended"
        + (data.grounds.map { ", revoked for \(Self.words($0))" } ?? "")
    case .billingCharged(let data): try words(data)
    case .roleDefined(let data):
      "role \"\(data.name)\" defined: \(Self.words(data.permissions))"
    case .roleRevised: "role \(try names.words(event.subject)) revised: \(try changes)"
    case .roleRemoved: "role \(try names.words(event.subject)) removed"
    case .roleGranted(let data): "\(try words(data)) granted"
    case .roleWithdrawn(let data): "\(try words(data)) withdrawn"
    case .tokenIssued: "token \(event.subject.text) issued"
    case .tokenRevoked: "token \(event.subject.text) ended"
    case .authenticationDenied(let data): try words(data)
    case .alertRaised(let data): try words(data)
    case .policyRevised: "policy revised: \(try changes)"
    case .auditRead(let data):
      "\(data.what) read \(Self.times(data.count)) in the minute of \(Self.minute(data.minute))"
    }
  }

  private var client: String { get throws { try names.words(event.subject) } }

  private var changes: String {
    get throws { try Change.all(in: event).map { try $0.words(names) }.joined(separator: ", ") }
  }

  private static func words(_ grounds: Grounds) -> String {
    grounds.rawValue.replacing("_", with: " ")
  }

  private func words(_ data: PlanActivated) throws -> String {
    let plan = "plan \(try names.words(data.plan)) activated"
    return try data.before.map { "\(plan) instead of \(try names.words($0))" } ?? plan
  }

  private static func words(_ data: PlanRevised) -> String {
    var changes: [String] = []
    if let before = data.before.name, let after = data.after.name {
      changes.append("renamed from \"\(before)\" to \"\(after)\"")
    }
    if let before = data.before.rates, let after = data.after.rates {
      changes.append("rates changed from \(before.words) to \(after.words)")
    }
    return "revision \(data.planRevision): " + changes.joined(separator: "; ")
  }

  private func words(_ data: AlertRaised) throws -> String {
    let finding =
      switch data.finding {
      case .denialBurst(let count, let minute):
        "\(count) attempts denied in the minute of \(Self.minute(minute))"
      case .newNetwork(let network): "a token asked for from the new network \(network)"
      case .replacedSecret(let secret, let source):
        "the ended secret \(try names.words(secret)) shown from \(source)"
      }
    let spared = data.spares ? "; not suspended, as nobody else holds the role owner" : ""
    return "alert: \(finding)\(spared)"
  }

  private func words(_ data: AuthenticationDenied) throws -> String {
    let source = data.source.map { " from \($0)" } ?? ""
    let secret = try data.secret.map { " \(try names.words($0))" } ?? ""
    return "authentication denied \(Self.times(data.count))\(source) in the minute of "
      + "\(Self.minute(data.minute)): \(data.cause.rawValue.replacing("_", with: " "))\(secret)"
  }

  private static func times(_ count: Int64) -> String { count == 1 ? "once" : "\(count) times" }

  private static func minute(_ second: Int64) -> String { Timestamp(seconds: second).wholeSecond }

  private func words(_ data: ClientAdded) throws -> String {
    "client \"\(data.metadata.clientName)\" added to project \(try names.words(data.project)) "
      + "with secret …\(data.secret.lastFour), owned by \(try names.words(data.owner))"
  }

  private func words(_ data: RoleGranted) throws -> String {
    try names.words(data.role, at: data.account ?? data.project)
  }

  /// What was granted is told by the event that this one rests on.
  private func words(_ data: RoleWithdrawn) throws -> String {
    let granting = try event.cause.flatMap { try names.state.event(at: $0) }
    switch granting?.body {
    case .roleGranted(let granted): return try words(granted)
    case .clientAdded(let added):
      return "permissions \(Self.words(added.metadata.scope.permissions))"
    default: return data.grant.text
    }
  }

  private static func words(_ permissions: Set<Permission>) -> String {
    permissions.ordered.map(\.rawValue).joined(separator: ", ")
  }

  private func words(_ data: SecretRotated) throws -> String {
    let new = "…\(data.secret.lastFour)"
    guard !data.replaced.isEmpty else { return "secret \(new) made" }
    let old = try data.replaced.map { try names.words($0.id) }.joined(separator: ", ")
    let last = data.replaced.map(\.expires).max() ?? 0
    let isOne = data.replaced.count == 1
    let ending =
      last <= event.recorded.seconds
      ? "not accepted any more" : "accepted until \(Timestamp(seconds: last).wholeSecond)"
    return "\(isOne ? "secret" : "secrets") \(old) replaced by \(new), "
      + "the old \(isOne ? "one" : "ones") \(ending)"
  }

  private func words(_ data: BillingCharged) throws -> String {
    let what = data.item.rawValue.replacing("_", with: " ")
    return "\(data.total.words) charged to account \(try names.words(data.account)): \(what) "
      + "for client \(try names.words(data.paysFor))"
  }
}

extension [Rate] {
  /// `application fee 12.50 USD`
  package var words: String {
    map { "\($0.item.rawValue.replacing("_", with: " ")) \($0.price.words)" }
      .joined(separator: ", ")
  }
}

extension DomainTerms {
  /// `live, active, may authenticate, may not call the API, from any address`
  package var words: String {
    let networks = addresses.map(\.description).joined(separator: ", ")
    return [
      mode.rawValue, active ? "active" : "not active",
      "\(mayAuthenticate ? "may" : "may not") authenticate",
      "\(mayCallAPI ? "may" : "may not") call the API",
      "from \(networks.isEmpty ? "any address" : networks)",
    ].joined(separator: ", ")
  }
}
