import CanonicalJSON

/// What an event says beyond its envelope: one type of event at one revision.
package protocol EventData: CanonicalObject {
  /// `thing.happened`, in the past tense.
  static var type: String { get }
  /// The one that is written now. Counts from 1; a change of members is a new revision, and old ones
  /// stay readable.
  static var revision: Int64 { get }
  /// The one that this event was written in.
  var revision: Int64 { get }
}

extension EventData {
  package static var revision: Int64 { 1 }
  package var revision: Int64 { Self.revision }
}

/// Every type of event there is.
package enum EventBody: Sendable {
  case ledgerCreated(LedgerCreated)
  case keyActivated(KeyActivated)
  case planDefined(PlanDefined)
  case accountOpened(AccountOpened)
  case planActivated(PlanActivated)
  case projectCreated(ProjectCreated)
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
  case tokenIssued(TokenIssued)
  case tokenRevoked(TokenRevoked)

  package var data: any EventData {
    switch self {
    case .ledgerCreated(let data): data
    case .keyActivated(let data): data
    case .planDefined(let data): data
    case .accountOpened(let data): data
    case .planActivated(let data): data
    case .projectCreated(let data): data
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
    case .tokenIssued(let data): data
    case .tokenRevoked(let data): data
    }
  }

  /// The kind of thing that the event's subject names.
  var subjectKind: Identifier.Kind {
    switch self {
    case .ledgerCreated: .ledger
    case .keyActivated: .key
    case .planDefined: .plan
    case .accountOpened, .planActivated: .account
    case .projectCreated: .project
    case .clientAdded, .clientRenamed, .clientEdited, .clientOwnerChanged, .clientDisabled,
      .clientEnabled, .clientRevoked, .clientDeleted:
      .client
    case .secretRotated, .secretRevoked: .secret
    case .billingCharged: .charge
    case .tokenIssued, .tokenRevoked: .token
    }
  }

  /// Things beside the subject whose history the event belongs to.
  var alsoConcerns: [Identifier] {
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
    case (TokenIssued.type, 1): self = .tokenIssued(try TokenIssued(from: &reader))
    case (LedgerCreated.type, 1): self = .ledgerCreated(try LedgerCreated(from: &reader))
    case (KeyActivated.type, 1): self = .keyActivated(try KeyActivated(from: &reader))
    case (PlanDefined.type, 1): self = .planDefined(try PlanDefined(from: &reader))
    case (AccountOpened.type, 1): self = .accountOpened(try AccountOpened(from: &reader))
    case (PlanActivated.type, 1): self = .planActivated(try PlanActivated(from: &reader))
    case (ProjectCreated.type, 1): self = .projectCreated(try ProjectCreated(from: &reader))
    case (ClientAdded.type, 1...2):
      self = .clientAdded(try ClientAdded(from: &reader, revision: revision))
    case (ClientRenamed.type, 1): self = .clientRenamed(try ClientRenamed(from: &reader))
    case (ClientEdited.type, 1): self = .clientEdited(try ClientEdited(from: &reader))
    case (ClientOwnerChanged.type, 1):
      self = .clientOwnerChanged(try ClientOwnerChanged(from: &reader))
    case (ClientDisabled.type, 1): self = .clientDisabled(try ClientDisabled(from: &reader))
    case (ClientEnabled.type, 1): self = .clientEnabled(try ClientEnabled(from: &reader))
    case (ClientRevoked.type, 1): self = .clientRevoked(try ClientRevoked(from: &reader))
    case (ClientDeleted.type, 1): self = .clientDeleted(try ClientDeleted(from: &reader))
    case (SecretRotated.type, 1): self = .secretRotated(try SecretRotated(from: &reader))
    case (SecretRevoked.type, 1...2):
      self = .secretRevoked(try SecretRevoked(from: &reader, revision: revision))
    case (BillingCharged.type, 1): self = .billingCharged(try BillingCharged(from: &reader))
    case (TokenRevoked.type, 1): self = .tokenRevoked(try TokenRevoked(from: &reader))
    default:
      throw MalformedObject(
        description: "\(type) revision \(revision) is not known to this version of the program")
    }
  }
}
