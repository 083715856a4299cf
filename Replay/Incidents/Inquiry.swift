import Journal
import Ledger

/// Looks at the events of a log one after the other, those of tokens apart, for what somebody caused
/// who holds a suspected credential.
struct Inquiry {
  private(set) var attribution: Attribution
  private let window: Range<Position>
  private(set) var charges: PositionSet
  private(set) var changes: PositionSet
  private(set) var denials: PositionSet
  private(set) var alerts: PositionSet
  private(set) var uncertain: PositionSet
  /// Tokens that were issued elsewhere and shown from a suspected network.
  private(set) var shownTokens: PositionSet
  /// Of all denials together.
  private(set) var deniedAttempts: Int64 = 0
  private(set) var touched: [Identifier: Touch] = [:]
  /// By path.
  private(set) var reads: [String: Reads] = [:]

  /// How often a thing was changed, and where.
  struct Touch {
    /// It was made by the first change.
    let isNew: Bool
    let first: Position
    var last: Position
    var count = 0
  }

  /// How often audit data were read, and the epoch seconds of the first minute and the last.
  struct Reads {
    var count: Int64 = 0
    let first: Int64
    var last: Int64
  }

  /// - Parameter window: events outside of it are not looked at, and what they made not followed.
  init(
    _ suspect: Suspect, _ reader: any JournalReader, window: Range<Position>, below head: Position
  ) {
    attribution = Attribution(Suspicion(suspect), reader)
    self.window = window
    let none = PositionSet(below: head)
    (charges, changes, denials, alerts) = (none, none, none, none)
    (uncertain, shownTokens) = (none, none)
  }

  mutating func look(at event: Event) throws {
    defer { attribution.suspicion.learnHolder(event) }
    guard window.contains(event.position) else { return }
    switch event.body {
    case .authenticationDenied(let data): look(at: data, event)
    case .alertRaised(let data):
      if try concerns(data, event) { alerts.insert(event.position) }
    default:
      switch try attribution.verdict(on: event) {
      case .caused(let depth): note(event, depth: depth)
      case .uncertain: uncertain.insert(event.position)
      case .unrelated: break
      }
    }
  }

  private mutating func look(at denial: AuthenticationDenied, _ event: Event) {
    let suspicion = attribution.suspicion
    guard
      suspicion.clients[event.subject] != nil
        || denial.secret.map({ suspicion.secrets[$0] != nil }) ?? false
        || denial.source.map({ suspicion.concerns(source: $0) }) ?? false
    else { return }
    denials.insert(event.position)
    deniedAttempts += denial.count
  }

  private mutating func concerns(_ alert: AlertRaised, _ event: Event) throws -> Bool {
    let suspicion = attribution.suspicion
    if suspicion.clients[event.subject] != nil { return true }
    if let cause = event.cause, try attribution.depth(ofTokenAt: cause) != nil { return true }
    switch alert.finding {
    case .denialBurst: return false
    case .newNetwork(let network): return suspicion.concerns(source: network)
    case .replacedSecret(let secret, let source):
      return suspicion.secrets[secret] != nil || suspicion.concerns(source: source)
    }
  }

  /// Something that was caused.
  private mutating func note(_ event: Event, depth: Int) {
    attribution.suspicion.follow(event, depth: depth)
    if let token = event.actor.token, attribution.suspicion.concerns(address: event.actor.address) {
      shownTokens.insert(token)
    }
    switch event.body {
    case .auditRead(let data): note(data)
    case .billingCharged(let data):
      charges.insert(event.position)
      touch([data.account], event)
    default:
      changes.insert(event.position)
      touch(event.things, event)
    }
  }

  private mutating func note(_ read: AuditRead) {
    reads[read.what, default: Reads(first: read.minute, last: read.minute)].count += read.count
    reads[read.what]?.last = read.minute
  }

  private mutating func touch(_ things: [Identifier], _ event: Event) {
    for id in things {
      let new = Touch(
        isNew: event.made.contains(id), first: event.position, last: event.position)
      touched[id, default: new].count += 1
      touched[id]?.last = event.position
    }
  }
}

extension Event {
  /// The things that a change is about; tokens are listed by themselves.
  fileprivate var things: [Identifier] {
    var things = [subject] + body.alsoConcerns
    if case .secretRotated(let data) = body { things += data.replaced.map(\.id) }
    if case .clientAdded(let data) = body { things.append(data.secret.id) }
    return things.filter { $0.kind != .token }
  }

  fileprivate var made: [Identifier] {
    switch body {
    case .accountOpened, .planDefined, .projectCreated, .roleDefined, .secretRotated: [subject]
    case .clientAdded(let data): [subject, data.secret.id]
    default: []
    }
  }
}
