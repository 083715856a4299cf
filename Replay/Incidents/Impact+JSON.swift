import CanonicalJSON
import Ledger
import Narrative

extension Impact {
  /// Writes one JSON object, a piece at a time, its members in canonical order. What `revocations`
  /// holds is a list for `POST /admin/revocations`, but for the reason.
  package func writeJSON(_ emit: @escaping ([UInt8]) throws -> Void) throws {
    let object = LongObject(emit)
    let credentials = credentials
    try object.list("alerts") { try items(findings.alerts, $0) }
    try object.list("changes") { each in
      try caused(findings.changes) { try each(shown($0).adding("depth", $1)) }
    }
    try object.list("charges") { each in
      try caused(findings.charges) { event, depth in
        if let charge = shownCharge(event) { try each(charge.adding("depth", depth)) }
      }
    }
    try object.member(
      "counts", .object(counts.map { .init($0.name, .integer(Int64($0.count))) }))
    try object.list("credentials") { each in
      for credential in credentials { try each(shown(credential)) }
    }
    try object.list("denied") { each in
      try events(at: findings.denials) { try Self.shownDenial($0).map(each) }
    }
    try object.member("log", log)
    try object.member("not_known", .array(notKnown.map { .string($0) }))
    try object.list("reads") { each in
      for (path, sum) in reads { try each(Self.shown(path, sum)) }
    }
    try object.object("revocations") { try write(Remedy(credentials), to: object) }
    try object.member("suspect", .object([.init(suspect.kind, .string(suspect.description))]))
    try object.list("tokens") { each in try forEachToken { try each(shown($0)) } }
    try object.list("touched") { each in
      for (id, touch) in touched { try each(shown(id, touch)) }
    }
    try object.list("uncertain") { try items(findings.uncertain, $0) }
    try object.end()
  }

  private var log: JSON {
    var members: [JSON.Member] = [
      .init("events", .integer(Int64(head))), .init("looked_at", .integer(Int64(window.count))),
      .init("now", .string(now.text)),
    ]
    if let first = window.first, let last = window.last {
      members.append(.init("first", .integer(Int64(first))))
      members.append(.init("last", .integer(Int64(last))))
    }
    return .object(members)
  }

  private func items(_ positions: PositionSet, _ each: (JSON) throws -> Void) throws {
    try events(at: positions) { try each(shown($0)) }
  }

  private func shown(_ event: Event) throws -> JSON { try HistoryItem(event, names).representation }

  /// Lends events that were caused, and how deep what caused them is in the suspicion.
  private func caused(_ positions: PositionSet, _ body: (Event, Int) throws -> Void) throws {
    var attribution = findings.attribution
    try events(at: positions) { event in
      if case .caused(let depth) = try attribution.verdict(on: event) { try body(event, depth) }
    }
  }

  private func write(_ remedy: Remedy, to object: LongObject) throws {
    try object.member("clients", .array(remedy.clients.map { .string($0.text) }))
    try object.member("grounds", .string(Grounds.compromise.rawValue))
    try object.member("secrets", .array(remedy.secrets.map { .string($0.text) }))
    try object.list("tokens") { each in
      try forEachToken { found in
        let token = found.token
        guard remedy.leaves(token), try token.isActive(in: state, at: now) else { return }
        try each(
          .object([
            .init("id", .string(token.id.text)),
            .init("position", .integer(Int64(token.position))),
          ]))
      }
    }
  }

  private func shown(_ credential: Credential) -> JSON {
    var members: [JSON.Member] = [
      .init("depth", .integer(Int64(credential.origin.depth))),
      .init("id", .string(credential.id.text)),
      .init("status", .string(credential.standing.rawValue)),
    ]
    if let client = credential.client { members.append(.init("client", .string(client.text))) }
    if let made = credential.origin.made {
      members.append(.init("made", .integer(Int64(made))))
    }
    return .object(members)
  }

  private func shown(_ found: FoundToken) throws -> JSON {
    let token = found.token
    let obstacle = try token.obstacle(in: state, at: now)
    var members: [JSON.Member] = [
      .init("address", .string(found.address)), .init("client", .string(token.client.text)),
      .init("depth", .integer(Int64(depth(of: found)))),
      .init("expires", .string(Timestamp(seconds: token.data.expires).wholeSecond)),
      .init("id", .string(token.id.text)), .init("issued", .string(token.issued.text)),
      .init("live", .bool(obstacle == nil)), .init("position", .integer(Int64(token.position))),
      .init("secret", .string(token.data.secret.text)),
    ]
    if let obstacle { members.append(.init("inactive_because", .string(obstacle.rawValue))) }
    return .object(members)
  }

  private func shownCharge(_ event: Event) -> JSON? {
    guard case .billingCharged(let data) = event.body else { return nil }
    return .object([
      .init("account", .string(data.account.text)), .init("amount", .integer(data.total.amount)),
      .init("currency", .string(data.total.currency.code)),
      .init("exponent", .integer(Int64(data.total.currency.exponent))),
      .init("id", .string(event.subject.text)), .init("pays_for", .string(data.paysFor.text)),
      .init("position", .integer(Int64(event.position))),
      .init("recorded", .string(event.recorded.text)),
    ])
  }

  private static func shownDenial(_ event: Event) -> JSON? {
    guard case .authenticationDenied(let data) = event.body else { return nil }
    let optional: [(String, String?)] = [
      ("client", event.subject.kind == .client ? event.subject.text : nil),
      ("secret", data.secret?.text), ("source", data.source),
    ]
    return .object(
      [
        .init("cause", .string(data.cause.rawValue)), .init("count", .integer(data.count)),
        .init("minute", .string(Timestamp(seconds: data.minute).wholeSecond)),
        .init("position", .integer(Int64(event.position))),
      ] + optional.compactMap { name, text in text.map { .init(name, .string($0)) } })
  }

  private static func shown(_ path: String, _ reads: Inquiry.Reads) -> JSON {
    .object([
      .init("count", .integer(reads.count)),
      .init("first", .string(Timestamp(seconds: reads.first).wholeSecond)),
      .init("last", .string(Timestamp(seconds: reads.last).wholeSecond)),
      .init("what", .string(path)),
    ])
  }

  private func shown(_ id: Identifier, _ touch: Inquiry.Touch) throws -> JSON {
    var members: [JSON.Member] = [
      .init("changes", .integer(Int64(touch.count))),
      .init("first", .integer(Int64(touch.first))), .init("id", .string(id.text)),
      .init("last", .integer(Int64(touch.last))), .init("made", .bool(touch.isNew)),
    ]
    if let name = try names.name(id) { members.append(.init("name", .string(name))) }
    return .object(members)
  }
}

extension JSON {
  fileprivate func adding(_ name: String, _ number: Int) -> JSON {
    .object((members ?? []) + [.init(name, .integer(Int64(number)))])
  }
}
