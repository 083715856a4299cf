package import CanonicalJSON

/// The first event of every log.
package struct LedgerCreated: EventData, Hashable {
  package static let type = "ledger.created"

  /// The name that checkpoints of this log carry (C2SP tlog-checkpoint): a URL without scheme.
  package let origin: String
  /// The `iss` of every token (RFC 8414 §2).
  package let issuer: String

  package init(origin: String, issuer: String) {
    self.origin = origin
    self.issuer = issuer
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    issuer = try reader.string("issuer")
    origin = try reader.string("origin")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("issuer", issuer)
    writer.member("origin", origin)
  }
}

/// What every rule may know of the ledger itself.
package struct LedgerIdentity: CanonicalObject, Hashable {
  package let id: Identifier
  /// The one under which the log's checkpoints are signed now.
  package private(set) var origin: String
  package let issuer: String
  package let created: Timestamp
  package private(set) var policy = Policy.initial

  init(_ data: LedgerCreated, _ event: Event) {
    id = event.subject
    origin = data.origin
    issuer = data.issuer
    created = event.recorded
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    created = try reader.timestamp("created")
    id = try reader.identifier("id", .ledger)
    issuer = try reader.string("issuer")
    origin = try reader.string("origin")
    policy = try reader.object("policy", Policy.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("created", created.text)
    writer.member("id", id)
    writer.member("issuer", issuer)
    writer.member("origin", origin)
    writer.member("policy", object: policy)
  }

  func revising(_ data: PolicyRevised) -> LedgerIdentity {
    var ledger = self
    ledger.policy = policy.taking(data.after)
    return ledger
  }

  func continued(_ data: LedgerContinued) -> LedgerIdentity {
    var ledger = self
    ledger.origin = data.origin
    return ledger
  }
}
