import CanonicalJSON
import HTTPServer
import Ledger
import Projections

/// `POST /admin/projects/{id}/domains/{domain}/check`: which token requests of the last days a rule
/// would have refused. Writes nothing.
extension Desk {
  /// Looks at the tokens that the project's clients got under the domain. While the project does
  /// not have it, those that they got under none as well, as if they had named it.
  func checkDomain(
    _ name: String, ofProject text: String, _ request: Request, _ caller: Administrator
  ) throws -> Response {
    // A key is held to its form; what writes nothing may be done twice.
    _ = try requestDigest(request, caller)
    let id = try identifier(text, .project, "project")
    let domain = try Self.domain(name)
    let (patch, days) = try rejecting {
      var fields = try FieldReader(try jsonBody(request))
      let found = (DomainPatch(from: &fields), fields.integer("days", in: 1...90, default: 30))
      try fields.finish()
      return found
    }
    let now = now
    return try state.read { state in
      let project = try caller.visible(try state.project(id), "project", .readTokens)
      let rule = project.domain(domain)?.rule
      var check = DomainCheck(
        domain, terms: patch.applied(to: rule?.terms ?? DomainTerms()), isNew: rule == nil,
        since: Timestamp(microseconds: max(now.microseconds - days * 86_400_000_000, 0)))
      try check.run(project.id, state)
      return Response.json(check.representation)
    }
  }
}

/// The requests that a rule would refuse, told from the log.
struct DomainCheck {
  /// Tokens looked at, the last ones.
  private static let maximumTokens = 100_000
  /// Refused ones that are shown.
  private static let maximumShown = 100

  private let domain: DomainName
  private let terms: DomainTerms
  /// The project does not have the domain: its tokens without one count.
  private let isNew: Bool
  /// Every request from here on was looked at.
  private var since: Timestamp
  private var isComplete = true
  private var considered: Int64 = 0
  private var causes: [DomainRefusal: Int64] = [:]
  private var shown: [JSON] = []

  init(_ domain: DomainName, terms: DomainTerms, isNew: Bool, since: Timestamp) {
    self.domain = domain
    self.terms = terms
    self.isNew = isNew
    self.since = since
  }

  /// The last token first. Only inside `state.read`.
  mutating func run(_ project: Identifier, _ state: StateSnapshot) throws {
    let start = try state.events.lastPosition(at: since, below: state.head()).map { $0 + 1 } ?? 0
    var newest = NewestPositions(from: start, limit: Self.maximumTokens)
    for client in try Self.clients(of: project, state) {
      try Self.collect(&newest, client, state)
    }
    for position in newest.positions() {
      guard let event = try state.event(at: position) else { continue }
      judge(event)
      if newest.hasDropped { since = event.recorded }
    }
    isComplete = !newest.hasDropped
  }

  private static func clients(
    of project: Identifier, _ state: StateSnapshot
  ) throws -> [Identifier] {
    var clients: [Identifier] = []
    try state.forEachClient(of: project) { client, _ in
      clients.append(client)
      return true
    }
    return clients
  }

  /// The positions of a client's tokens that are new enough.
  private static func collect(
    _ newest: inout NewestPositions, _ client: Identifier, _ state: StateSnapshot
  ) throws {
    var end = Position.max
    while end >= newest.start {
      let page = try state.lastTokens(of: client, upTo: end, limit: 1_000)
      newest.insert(page)
      guard page.count == 1_000, let last = page.last, last > 0 else { return }
      end = last - 1
    }
  }

  private mutating func judge(_ event: Event) {
    guard let token = IssuedToken(event), case .client(_, let address, _) = event.actor,
      token.data.domain == domain || isNew && token.data.domain == nil
    else { return }
    considered += 1
    guard let cause = terms.refusal(of: token.data.mode, from: address) else { return }
    causes[cause, default: 0] += 1
    guard shown.count < Self.maximumShown else { return }
    shown.append(
      .object([
        .init("address", .string(address)), .init("cause", .string(cause.rawValue)),
        .init("client", .string(token.client.text)), .init("id", .string(token.id.text)),
        .init("issued", .string(token.issued.text)),
        .init("position", .integer(Int64(token.position))),
      ]))
  }

  var representation: JSON {
    let causes = causes.map { JSON.Member($0.key.rawValue, .integer($0.value)) }
    return .object([
      .init("causes", .object(causes)), .init("complete", .bool(isComplete)),
      .init("considered", .integer(considered)),
      .init("refused", .integer(self.causes.values.reduce(0, +))),
      .init("since", .string(since.text)), .init("tokens", .array(shown)),
    ])
  }
}
