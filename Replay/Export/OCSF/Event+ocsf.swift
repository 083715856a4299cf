import CanonicalJSON
import Ledger

extension Event {
  /// - Parameter ledger: the first event of the log.
  func ocsf(_ ledger: LedgerCreated) -> OCSFRecord {
    switch body {
    case .clientAdded(let data):
      change(.createUser, identity(subject, name: data.metadata.clientName))
    case .clientRenamed(let data): change(.other("Rename"), identity(subject, name: data.after))
    case .clientEdited: change(.other("Edit"))
    case .clientOwnerChanged: change(.other("Change Owner"))
    case .clientEnabled: change(.enableUser)
    case .clientDisabled, .clientRevoked: change(.disableUser)
    case .clientDeleted: change(.deleteUser)
    case .secretRotated(let data):
      change(.changePassword, identity(data.client, credential: data.secret.id))
    case .secretRevoked(let data):
      change(.other("Revoke Secret"), identity(data.client, credential: subject))
    case .roleGranted(let data): access(.assignPrivileges, data.role.text)
    case .roleWithdrawn(let data): access(.revokePrivileges, data.grant.text)
    case .tokenIssued(let data): session(data, ledger)
    case .tokenRevoked(let data): session(data, ledger)
    case .authenticationDenied(let data): denial(data, ledger)
    case .auditRead(let data): reading(data)
    case .alertRaised(let data): finding(data)
    case .ledgerCreated, .keyActivated, .planDefined, .accountOpened, .projectCreated,
      .scopeDefined,
      .domainAdded, .roleDefined, .billingCharged:
      call(.create)
    case .planRevised, .accountRenamed, .accountSuspended, .accountResumed, .planActivated,
      .projectEdited, .scopeEdited, .domainChanged, .roleRevised, .policyRevised,
      .ledgerContinued:
      call(.update)
    case .accountClosed, .projectDeleted, .scopeRemoved, .domainRemoved, .roleRemoved:
      call(.delete)
    }
  }

  /// What happens to a client is an account change.
  private func change(_ activity: OCSFRecord.Activity, _ user: JSON? = nil) -> OCSFRecord {
    let members = [JSON.Member("user", user ?? identity(subject))]
    return OCSFRecord(kind: .accountChange, activity: activity, members: members + origin)
  }

  private func access(_ activity: OCSFRecord.Activity, _ privilege: String) -> OCSFRecord {
    OCSFRecord(
      kind: .userAccessManagement, activity: activity,
      members: [
        .init("privileges", .array([.string(privilege)])), .init("user", identity(subject)),
      ] + origin)
  }

  /// A change of anything else is a call of the interface that makes it.
  private func call(_ activity: OCSFRecord.Activity) -> OCSFRecord {
    OCSFRecord(
      kind: .apiActivity, activity: activity,
      members: [
        .init("api", .sparse([("operation", .string(type(of: body.data).type))])),
        .init("resources", .array([resource])),
      ] + origin)
  }

  private func reading(_ data: AuditRead) -> OCSFRecord {
    OCSFRecord(
      kind: .apiActivity, activity: .read,
      members: [.init("api", .sparse([("operation", .string("GET \(data.what)"))]))]
        + minute(data.minute, data.count) + origin)
  }

  private func finding(_ data: AlertRaised) -> OCSFRecord {
    let rule = JSON.string(data.finding.rule.rawValue)
    return OCSFRecord(
      kind: .detectionFinding, activity: .create, severity: .medium,
      members: [
        .init(
          "finding_info",
          .sparse([
            ("created_time", .integer(recorded.milliseconds)), ("title", rule),
            ("types", .array([rule])),
            ("uid", .string("\(position)")),
          ])),
        .init("is_alert", .bool(true)),
        .init("resources", .array([resource])),
      ])
  }

  private var resource: JSON {
    .sparse([("type", .string("\(subject.kind)")), ("uid", .string(subject.text))])
  }
}

// MARK: - Authentication

extension Event {
  private func session(_ data: TokenIssued, _ ledger: LedgerCreated) -> OCSFRecord {
    let client = JSON.sparse([
      ("credential_uid", .string(data.secret.text)), ("type_id", .integer(service)),
      ("uid", .string(actor.name)),
    ])
    return authentication(
      .logOn, client, ledger,
      [session(subject, expires: data.expires, issued: recorded)] + origin)
  }

  private func session(_ data: TokenRevoked, _ ledger: LedgerCreated) -> OCSFRecord {
    authentication(
      .logOff, identity(data.client), ledger,
      [session(subject, expires: data.expires)] + origin)
  }

  private func denial(_ data: AuthenticationDenied, _ ledger: LedgerCreated) -> OCSFRecord {
    let known = subject.kind == .client
    let unknown = JSON.sparse([("name", .string("unknown")), ("type_id", .integer(0))])
    let user = known ? identity(subject, credential: data.secret) : unknown
    let source = data.source.map { [JSON.Member("src_endpoint", endpoint($0))] } ?? []
    var record = authentication(
      .logOn, user, ledger,
      [.init("status_code", .string(data.cause.rawValue))] + minute(data.minute, data.count)
        + source)
    record.severity = .low
    record.status = 2
    return record
  }

  private func authentication(
    _ activity: OCSFRecord.Activity, _ user: JSON, _ ledger: LedgerCreated,
    _ members: [JSON.Member]
  ) -> OCSFRecord {
    OCSFRecord(
      kind: .authentication, activity: activity,
      members: members + [
        .init("auth_protocol_id", .integer(6)),  // OAUTH 2.0
        .init("service", .sparse([("name", .string(ledger.issuer))])),
        .init("user", user),
      ])
  }

  private func session(
    _ token: Identifier, expires: Int64, issued: Timestamp? = nil
  ) -> JSON.Member {
    .init(
      "session",
      .sparse([
        ("created_time", issued.map { .integer($0.milliseconds) }),
        ("expiration_time", .integer(expires * 1_000)), ("uid", .string(token.text)),
      ]))
  }
}

// MARK: - Who and from where

extension Event {
  /// `actor` and `src_endpoint`.
  private var origin: [JSON.Member] {
    switch actor {
    case .client(let id, let address, _):
      [
        .init("actor", .sparse([("user", identity(id))])),
        .init("src_endpoint", endpoint(address)),
      ]
    case .system(let name):
      [
        .init("actor", .sparse([("app_name", .string(name))])),
        .init("src_endpoint", .sparse([("svc_name", .string(name))])),
      ]
    }
  }

  /// `count` of what was summed up over a minute, and when that was.
  private func minute(_ start: Int64, _ count: Int64) -> [JSON.Member] {
    [
      .init("count", .integer(count)), .init("end_time", .integer((start + 60) * 1_000)),
      .init("start_time", .integer(start * 1_000)),
    ]
  }
}

/// `type_id` of a user that is a program.
private let service: Int64 = 4

private func identity(
  _ id: Identifier, name: String? = nil, credential: Identifier? = nil
) -> JSON {
  .sparse([
    ("credential_uid", credential.map { .string($0.text) }), ("name", name.map { .string($0) }),
    ("type_id", .integer(service)), ("uid", .string(id.text)),
  ])
}

/// An address; a network and `unix` are no `ip_t`.
private func endpoint(_ source: String) -> JSON {
  let isAddress = source != "unix" && !source.contains("/")
  return .sparse([(isAddress ? "ip" : "name", .string(source))])
}
