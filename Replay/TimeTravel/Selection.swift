import Ledger

/// The things that a picture of the ledger shows.
struct Selection {
  /// Whether it is the whole ledger.
  let isWhole: Bool
  private(set) var ids: Set<Identifier> = []
  /// Those of each kind, in their order.
  private var lists: [Identifier.Kind: [Identifier]] = [:]

  /// Nothing.
  static let none = Selection()

  private init() { isWhole = false }

  /// Every thing that stands.
  init(_ state: PastState) {
    isWhole = true
    for (id, _) in state.ledgers { ids.insert(id) }
    for (id, _) in state.keys { ids.insert(id) }
    for (id, _) in state.plans { ids.insert(id) }
    for (id, _) in state.secrets { ids.insert(id) }
    for (id, _) in state.charges { ids.insert(id) }
    add(state.accounts.keys, in: state)
    add(state.projects.keys, in: state)
    add(state.clients.keys, in: state)
    add(state.roles.keys, in: state)
    order()
  }

  /// One thing and what belongs to it; nil unless it stands.
  init?(of subject: Identifier, _ state: PastState) {
    guard state.stands(subject) else { return nil }
    isWhole = false
    ids = [subject]
    switch subject.kind {
    case .account: addAccount(subject, state)
    case .project: addClients(state) { $0.project == subject }
    case .client: addClients(state) { $0.id == subject }
    case .plan: add(state.accounts.keys.filter { state.account($0)?.plan == subject }, in: state)
    case .role: add(holders(state) { $0.role == .defined(subject) }, in: state)
    case .grant: add(holders(state) { $0.id == subject }, in: state)
    case .secret, .charge, .key, .ledger, .token: break
    }
    order()
  }

  private mutating func order() {
    lists = Dictionary(grouping: ids, by: \.kind).mapValues { $0.sorted() }
  }

  private mutating func add(_ found: some Sequence<Identifier>, in state: PastState) {
    for id in found where state.stands(id) { ids.insert(id) }
  }

  private mutating func addAccount(_ account: Identifier, _ state: PastState) {
    if let plan = state.account(account)?.plan { ids.insert(plan) }
    add(state.projects.keys.filter { state.project($0)?.account == account }, in: state)
    addClients(state) { $0.account == account }
    add(state.charges.filter { $0.value.record.data.account == account }.keys, in: state)
  }

  /// With their secrets, and the charges that pay for them.
  private mutating func addClients(_ state: PastState, _ belongs: (Client) -> Bool) {
    let added = Set(
      state.clients.values.compactMap {
        !$0.record.isDeleted && belongs($0.record) ? $0.record.id : nil
      })
    add(added, in: state)
    add(state.secrets.filter { added.contains($0.value.record.client) }.keys, in: state)
    add(state.charges.filter { added.contains($0.value.record.data.paysFor) }.keys, in: state)
  }

  private func holders(_ state: PastState, _ holds: (Grant) -> Bool) -> [Identifier] {
    state.grants.filter { $0.value.record.grants.contains(where: holds) }.map(\.key)
  }

  /// Those of a kind, in their order.
  func things(_ kind: Identifier.Kind) -> [Identifier] { lists[kind] ?? [] }
}

extension PastState {
  /// Whether a thing is there: it was made, and not closed, deleted, removed or withdrawn. A secret
  /// that has ended still stands as one that was.
  func stands(_ id: Identifier) -> Bool {
    switch id.kind {
    case .account: account(id) != nil
    case .project: project(id) != nil
    case .client: client(id)?.isDeleted == false
    case .role: role(id) != nil
    case .grant: grants.values.contains { $0.record.grants.contains { $0.id == id } }
    case .ledger, .key, .plan, .secret, .charge, .token: lastChange(of: id) != nil
    }
  }

  /// The event that left a thing as it is, ended or not; nil for one that there never was, and for
  /// tokens, which are not kept.
  func lastChange(of id: Identifier) -> Position? {
    switch id.kind {
    case .account: accounts[id]?.changed
    case .charge: charges[id]?.changed
    case .client: clients[id]?.changed
    case .key: keys[id]?.changed
    case .ledger: ledgers[id]?.changed
    case .plan: plans[id]?.changed
    case .project: projects[id]?.changed
    case .role: roles[id]?.changed
    case .secret: secrets[id]?.changed
    case .grant, .token: nil
    }
  }
}
