package import CanonicalJSON

/// What an event says beyond its envelope: one type of event at one revision.
package protocol EventData: CanonicalObject {
  /// `thing.happened`, in the past tense.
  static var type: String { get }
  /// The one that is written now. Counts from 1; a change of members is a new revision, and old
  /// ones stay readable.
  static var revision: Int64 { get }
  /// The one that this event was written in.
  var revision: Int64 { get }
}

extension EventData {
  package static var revision: Int64 { 1 }
  package var revision: Int64 { Self.revision }
}

/// A type of event that says all by its subject: its data have no members.
package protocol BareEventData: EventData {
  init()
}

extension BareEventData {
  package init(from reader: inout ObjectReader) { self.init() }
  package func write(to writer: inout JSONWriter) {}
}

/// Every type of event there is.
package enum EventBody: Sendable {
  case ledgerCreated(LedgerCreated)
  case ledgerContinued(LedgerContinued)
  case keyActivated(KeyActivated)
  case planDefined(PlanDefined)
  case planRevised(PlanRevised)
  case accountOpened(AccountOpened)
  case accountRenamed(AccountRenamed)
  case accountSuspended(AccountSuspended)
  case accountResumed(AccountResumed)
  case accountClosed(AccountClosed)
  case planActivated(PlanActivated)
  case projectCreated(ProjectCreated)
  case projectEdited(ProjectEdited)
  case projectDeleted(ProjectDeleted)
  case scopeDefined(ScopeDefined)
  case scopeEdited(ScopeEdited)
  case scopeRemoved(ScopeRemoved)
  case domainAdded(DomainAdded)
  case domainChanged(DomainChanged)
  case domainRemoved(DomainRemoved)
  case clientAdded(ClientAdded)
  case clientRenamed(ClientRenamed)
  case clientEdited(ClientEdited)
  case clientOwnerChanged(ClientOwnerChanged)
  case clientDisabled(ClientDisabled)
  case clientEnabled(ClientEnabled)
  case clientRevoked(ClientRevoked)
  case clientDeleted(ClientDeleted)
  case secretRotated(SecretRotated)
  case secretRevoked(SecretRevoked)
  case billingCharged(BillingCharged)
  case roleDefined(RoleDefined)
  case roleRevised(RoleRevised)
  case roleRemoved(RoleRemoved)
  case roleGranted(RoleGranted)
  case roleWithdrawn(RoleWithdrawn)
  case tokenIssued(TokenIssued)
  case tokenRevoked(TokenRevoked)
  case authenticationDenied(AuthenticationDenied)
  case auditRead(AuditRead)
  case alertRaised(AlertRaised)
  case policyRevised(PolicyRevised)

  package var data: any EventData {
    switch self {
    case .ledgerCreated(let data): data
    case .ledgerContinued(let data): data
    case .keyActivated(let data): data
    case .planDefined(let data): data
    case .planRevised(let data): data
    case .accountOpened(let data): data
    case .accountRenamed(let data): data
    case .accountSuspended(let data): data
    case .accountResumed(let data): data
    case .accountClosed(let data): data
    case .planActivated(let data): data
    case .projectCreated(let data): data
    case .projectEdited(let data): data
    case .projectDeleted(let data): data
    case .scopeDefined(let data): data
    case .scopeEdited(let data): data
    case .scopeRemoved(let data): data
    case .domainAdded(let data): data
    case .domainChanged(let data): data
    case .domainRemoved(let data): data
    case .clientAdded(let data): data
    case .clientRenamed(let data): data
    case .clientEdited(let data): data
    case .clientOwnerChanged(let data): data
    case .clientDisabled(let data): data
    case .clientEnabled(let data): data
    case .clientRevoked(let data): data
    case .clientDeleted(let data): data
    case .secretRotated(let data): data
    case .secretRevoked(let data): data
    case .billingCharged(let data): data
    case .roleDefined(let data): data
    case .roleRevised(let data): data
    case .roleRemoved(let data): data
    case .roleGranted(let data): data
    case .roleWithdrawn(let data): data
    case .tokenIssued(let data): data
    case .tokenRevoked(let data): data
    case .authenticationDenied(let data): data
    case .auditRead(let data): data
    case .alertRaised(let data): data
    case .policyRevised(let data): data
    }
  }

  /// The kind of thing that the event's subject names.
  var subjectKind: Identifier.Kind {
    switch self {
    case .ledgerCreated, .ledgerContinued: .ledger
    case .keyActivated: .key
    case .planDefined, .planRevised: .plan
    case .accountOpened, .accountRenamed, .accountSuspended, .accountResumed, .accountClosed,
      .planActivated:
      .account
    case .projectCreated, .projectEdited, .projectDeleted, .scopeDefined, .scopeEdited,
      .scopeRemoved, .domainAdded, .domainChanged, .domainRemoved:
      .project
    case .clientAdded, .clientRenamed, .clientEdited, .clientOwnerChanged, .clientDisabled,
      .clientEnabled, .clientRevoked, .clientDeleted, .roleGranted, .roleWithdrawn:
      .client
    case .secretRotated, .secretRevoked: .secret
    case .billingCharged: .charge
    case .roleDefined, .roleRevised, .roleRemoved: .role
    case .tokenIssued, .tokenRevoked: .token
    case .authenticationDenied(let data): data.cause.isOfClient ? .client : .ledger
    case .auditRead, .policyRevised: .ledger
    case .alertRaised: .client
    }
  }

  /// Things beside the subject whose history the event belongs to.
  package var alsoConcerns: [Identifier] {
    switch self {
    case .projectCreated(let data): [data.account]
    case .clientAdded(let data): [data.project]
    case .secretRotated(let data): [data.client]
    case .secretRevoked(let data): [data.client]
    case .billingCharged(let data): [data.account, data.paysFor]
    case .tokenRevoked(let data): [data.client]
    default: []
    }
  }

  /// Reads the data of a stored event. A type or revision that is not known is an error: what is
  /// not understood is never skipped.
  init(
    type: String, revision: Int64, from reader: inout ObjectReader
  ) throws(MalformedObject) {
    switch (type, revision) {
    case (TokenIssued.type, 1...2):
      self = .tokenIssued(try TokenIssued(from: &reader, revision: revision))
    case (LedgerCreated.type, 1): self = .ledgerCreated(try LedgerCreated(from: &reader))
    case (LedgerContinued.type, 1): self = .ledgerContinued(try LedgerContinued(from: &reader))
    case (KeyActivated.type, 1): self = .keyActivated(try KeyActivated(from: &reader))
    case (PlanDefined.type, 1): self = .planDefined(try PlanDefined(from: &reader))
    case (PlanRevised.type, 1): self = .planRevised(try PlanRevised(from: &reader))
    case (AccountOpened.type, 1): self = .accountOpened(try AccountOpened(from: &reader))
    case (AccountRenamed.type, 1): self = .accountRenamed(try AccountRenamed(from: &reader))
    case (AccountSuspended.type, 1): self = .accountSuspended(AccountSuspended(from: &reader))
    case (AccountResumed.type, 1): self = .accountResumed(AccountResumed(from: &reader))
    case (AccountClosed.type, 1): self = .accountClosed(AccountClosed(from: &reader))
    case (PlanActivated.type, 1): self = .planActivated(try PlanActivated(revision1: &reader))
    case (PlanActivated.type, 2): self = .planActivated(try PlanActivated(from: &reader))
    case (ProjectCreated.type, 1): self = .projectCreated(try ProjectCreated(from: &reader))
    case (ProjectEdited.type, 1): self = .projectEdited(try ProjectEdited(from: &reader))
    case (ProjectDeleted.type, 1): self = .projectDeleted(ProjectDeleted(from: &reader))
    case (ScopeDefined.type, 1): self = .scopeDefined(try ScopeDefined(from: &reader))
    case (ScopeEdited.type, 1): self = .scopeEdited(try ScopeEdited(from: &reader))
    case (ScopeRemoved.type, 1): self = .scopeRemoved(try ScopeRemoved(from: &reader))
    case (DomainAdded.type, 1): self = .domainAdded(try DomainAdded(from: &reader))
    case (DomainChanged.type, 1): self = .domainChanged(try DomainChanged(from: &reader))
    case (DomainRemoved.type, 1): self = .domainRemoved(try DomainRemoved(from: &reader))
    case (ClientAdded.type, 1...2):
      self = .clientAdded(try ClientAdded(from: &reader, revision: revision))
    case (ClientRenamed.type, 1): self = .clientRenamed(try ClientRenamed(from: &reader))
    case (ClientEdited.type, 1): self = .clientEdited(try ClientEdited(from: &reader))
    case (ClientOwnerChanged.type, 1):
      self = .clientOwnerChanged(try ClientOwnerChanged(from: &reader))
    case (ClientDisabled.type, 1): self = .clientDisabled(ClientDisabled(from: &reader))
    case (ClientEnabled.type, 1): self = .clientEnabled(ClientEnabled(from: &reader))
    case (ClientRevoked.type, 1): self = .clientRevoked(try ClientRevoked(from: &reader))
    case (ClientDeleted.type, 1): self = .clientDeleted(ClientDeleted(from: &reader))
    case (SecretRotated.type, 1): self = .secretRotated(try SecretRotated(from: &reader))
    case (SecretRevoked.type, 1...2):
      self = .secretRevoked(try SecretRevoked(from: &reader, revision: revision))
    case (BillingCharged.type, 1): self = .billingCharged(try BillingCharged(from: &reader))
    case (RoleDefined.type, 1): self = .roleDefined(try RoleDefined(from: &reader))
    case (RoleRevised.type, 1): self = .roleRevised(try RoleRevised(from: &reader))
    case (RoleRemoved.type, 1): self = .roleRemoved(RoleRemoved(from: &reader))
    case (RoleGranted.type, 1): self = .roleGranted(try RoleGranted(from: &reader))
    case (RoleWithdrawn.type, 1): self = .roleWithdrawn(try RoleWithdrawn(from: &reader))
    case (TokenRevoked.type, 1): self = .tokenRevoked(try TokenRevoked(from: &reader))
    case (AuthenticationDenied.type, 1):
      self = .authenticationDenied(try AuthenticationDenied(from: &reader))
    case (AuditRead.type, 1...2):
      self = .auditRead(try AuditRead(from: &reader, revision: revision))
    case (AlertRaised.type, 1): self = .alertRaised(try AlertRaised(from: &reader))
    case (PolicyRevised.type, 1): self = .policyRevised(try PolicyRevised(from: &reader))
    default:
      throw MalformedObject(
        description: "\(type) revision \(revision) is not known to this version of the program")
    }
  }
}
