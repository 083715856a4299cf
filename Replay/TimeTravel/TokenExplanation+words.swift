import Ledger
import Narrative

extension TokenExplanation {
  /// Why it was issued, and whether it would be accepted.
  package var words: [String] { get throws { try reasons + verdict } }

  private var reasons: [String] {
    get throws {
      let (token, names) = (found.token, Names(state: then))
      let lifetime = token.data.expires - token.issued.seconds
      var lines = [
        "token \(token.id.text) was issued at position \(token.position), \(token.issued.text), to "
          + "client \(try names.words(token.client)) (\(token.client.text))",
        "  for secret \(try secretWords(names))",
        "  asked for from \(found.address)"
          + (token.data.network.map { ", the network \($0) being new" } ?? ""),
        "  scope \(token.data.scope.text), audience \(token.data.audience), "
          + "\(token.data.mode.rawValue), for \(lifetime) s until "
          + Timestamp(seconds: token.data.expires).wholeSecond,
        "  signed with \(token.data.key.text)",
      ]
      if let domain {
        lines.append("  under domain \(domain.rule.domain.text): \(domain.rule.terms.words)")
      }
      return lines + (try rules(names))
    }
  }

  private func secretWords(_ names: Names) throws -> String {
    let id = found.token.data.secret
    guard let secret = then.secret(id), let making = try making else { return id.text }
    let maker =
      switch making.actor {
      case .client(let client, _, _): "\(try names.words(client)) (\(client.text))"
      case .system(let name): "the system (\(name))"
      }
    return "…\(secret.verifier.lastFour) (\(id.text)), made at position \(making.position), "
      + "\(making.recorded.text), by \(maker), \(secret.validity(at: found.token.issued))"
  }

  /// What was in force.
  private func rules(_ names: Names) throws -> [String] {
    guard let client = then.client(found.token.client) else { return [] }
    let own = client.metadata.scope.isEmpty ? "none" : client.metadata.scope.text
    let roles = try then.holdings(of: client.id)?.grants.map {
      "    " + (try names.words($0.role, at: $0.place.project ?? $0.place.account))
    }
    let account = then.account(client.account)
    let plan = try account?.plan.map { ", plan \(try names.words($0))" } ?? ""
    return [
      "  client \(client.status.rawValue), scope \(own), tokens for "
        + "\(client.metadata.tokenLifetime) s, owned by \(try names.words(client.owner))"
    ] + (roles ?? []) + [
      "  project \(try names.words(client.project)), account \(try names.words(client.account)) "
        + "\(account?.status.rawValue ?? "closed")\(plan)"
    ]
  }

  private var verdict: [String] {
    get throws {
      let end = Timestamp(seconds: found.token.data.expires).wholeSecond
      guard let refusal else { return ["accepted at \(time.text); it expires \(end)"] }
      let why =
        switch refusal {
        case .notYetIssued: "it was not issued yet"
        case .obstacle(.expired): "it expired \(end)"
        case .obstacle(.revoked): "it was revoked by itself"
        case .obstacle(.domain): "its domain ended, or was not there all the time"
        case .obstacle(let obstacle): "tokens of its \(obstacle.rawValue) were ended"
        }
      let line = "not accepted at \(time.text): \(why)"
      return [line] + (ending.map { ["  ended by \($0.line.dropLast())"] } ?? [])
    }
  }
}
