package import CanonicalJSON
import Ledger
import Narrative

extension TokenExplanation {
  /// `token`, what was recorded; `because`, the records that were in force when it was issued;
  /// `accepted` and what there is to say of that.
  package var shown: JSON {
    get throws {
      var members: [JSON.Member] = [
        .init("accepted", .bool(isAccepted)), .init("at", .string(time.text)),
        .init("because", try because), .init("token", try recorded),
      ]
      if let position { members.append(.init("position", .integer(Int64(position)))) }
      if let refusal { members.append(.init("refused_because", .string(refusal.word))) }
      if let ending { members.append(.init("ended_by", ending.representation)) }
      return .object(members)
    }
  }

  private var recorded: JSON {
    get throws {
      let token = found.token
      let data = try JSON.parse(token.data.canonicalBytes()).members ?? []
      return .object(
        data + [
          .init("address", .string(found.address)), .init("client", .string(token.client.text)),
          .init("id", .string(token.id.text)), .init("issued", .string(token.issued.text)),
          .init("position", .integer(Int64(token.position))),
        ])
    }
  }

  private var because: JSON {
    get throws {
      let client = then.client(found.token.client)
      let project = client.flatMap { then.project($0.project) }
      let account = client.flatMap { then.account($0.account) }
      var members: [JSON.Member] = [
        .init("account", try Self.shown(account)), .init("client", try Self.shown(client)),
        .init("key", try Self.shown(then.keys[found.token.data.key]?.record)),
        .init("plan", try Self.shown(account?.plan.flatMap { then.plan($0) })),
        .init("project", try Self.shown(project)), .init("roles", .array(try roles)),
        .init("secret", try secret),
      ]
      if let domain { members.append(.init("domain", try Self.shown(domain))) }
      return .object(members)
    }
  }

  private static func shown(_ record: (some CanonicalObject)?) throws -> JSON {
    try record.map { try JSON.parse($0.canonicalBytes()) } ?? .null
  }

  private var roles: [JSON] {
    get throws {
      try then.holdings(of: found.token.client)?.grants.compactMap { try $0.shown(in: then) } ?? []
    }
  }

  /// With who made it.
  private var secret: JSON {
    get throws {
      guard let secret = then.secret(found.token.data.secret) else { return .null }
      let making = try making
      return .object(
        (secret.shown.members ?? []) + [
          .init("made_by", making.map { .string($0.actor.name) } ?? .null),
          .init("made_at_position", making.map { .integer(Int64($0.position)) } ?? .null),
        ])
    }
  }

  /// The event that made the secret.
  var making: Event? {
    get throws {
      try then.secrets[found.token.data.secret].flatMap { try then.event(at: $0.made) }
    }
  }

  /// The domain that the token was asked for under.
  var domain: ProjectDomain? {
    guard let name = found.token.data.domain, let client = then.client(found.token.client) else {
      return nil
    }
    return then.project(client.project)?.domain(name)
  }
}
