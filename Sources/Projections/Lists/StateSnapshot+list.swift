import CanonicalJSON
package import Ledger

/// Lists of things, as they stood after the event at `read(asOf:)`. Only inside `read`.
///
/// A condition that few things fulfil gives the things, and they are sorted. Where every condition
/// is fulfilled by many, the order of the list is walked and each thing is checked; when too many
/// were checked in vain, the conditions' things are gathered after all, however many they are. So a
/// list costs at most about as much as reading the indexes of its conditions and of its order once.
extension StateSnapshot {
  package func list(
    _ query: ListQuery, _ window: ListWindow, effort: ListEffort = ListEffort()
  ) throws -> ListPart {
    if query.computed.key != nil {
      var listed = try complete(query, effort)
      return try listed.computed().part(window) { try row($0, query.listing) }
    }
    return try made(query, effort) {
      try $0.sorted(window)
    } many: {
      try $0.walked(window)
    }
  }

  /// Everything that is wanted, in its order.
  package func all(_ query: ListQuery, effort: ListEffort = ListEffort()) throws -> [Identifier] {
    if query.computed.key != nil {
      var listed = try complete(query, effort)
      return try listed.computed().things
    }
    return try made(query, effort) {
      try $0.sortedThings()
    } many: {
      try $0.walkedThings()
    }
  }

  /// A thing as it stood; nil when it was not there.
  package func row(_ thing: Identifier, _ listing: Listing) throws -> ListRow? {
    try record(thing, at: moment()).map { ListRow(key: thing.bytes, record: $0, place: []) }
  }

  private func made<Result>(
    _ query: ListQuery, _ effort: ListEffort, few: (inout Listed) throws -> Result,
    many: (inout Listed) throws -> Result
  ) throws -> Result {
    var listed = try begun(query, effort)
    if listed.isFew { return try few(&listed) }
    do throws(any Error) {
      return try many(&listed)
    } catch is Listed.TooMuchChecked {
      try complete(&listed)
      return try listed.isFew ? few(&listed) : many(&listed)
    }
  }

  /// With what the conditions leave that few things fulfil.
  private func begun(_ query: ListQuery, _ effort: ListEffort) throws -> Listed {
    var listed = Listed(self, query, at: try moment(), effort)
    if let text = query.text {
      listed.narrow(try things(with: text, query.listing, at: listed.moment))
    }
    for source in listed.sources {
      guard
        let found = try things(
          source, query.listing, at: listed.moment, limit: effort.few)
      else { continue }
      listed.narrow(found)
    }
    return listed
  }

  private func complete(_ query: ListQuery, _ effort: ListEffort) throws -> Listed {
    var listed = try begun(query, effort)
    try complete(&listed)
    return listed
  }

  /// With what every condition leaves.
  private func complete(_ listed: inout Listed) throws {
    for source in listed.sources {
      listed.narrow(
        try things(source, listed.query.listing, at: listed.moment, limit: .max - 1) ?? [])
    }
    listed.isComplete = true
  }

  /// The stored form of a thing's last version up to a moment; nil when it was not there.
  fileprivate func record(_ thing: Identifier, at moment: Position) throws -> [UInt8]? {
    guard let table = tables.versions(of: thing.kind),
      let bytes = try version(table, thing, upTo: moment, isKnown: { _ in false })?.bytes
    else { return nil }
    return bytes.isEmpty ? nil : bytes
  }
}

/// A list in the making.
private struct Listed {
  struct TooMuchChecked: Error {}

  let moment: Position
  /// Every condition's things are known.
  var isComplete = false
  /// Conditions, and places as one more: of the conditions of one source one is enough.
  let sources: [[Condition]]
  let query: ListQuery
  private let state: StateSnapshot
  private let effort: ListEffort
  /// What is listed is among these, in the order of identifiers; nil while nothing is known.
  private var candidates: [ThingKey]?
  private var checks = 0

  init(_ state: StateSnapshot, _ query: ListQuery, at moment: Position, _ effort: ListEffort) {
    self.effort = effort
    self.state = state
    self.query = query
    self.moment = moment
    let places = query.listing.conditions(query.places)
    sources = query.conditions.map { [$0] } + (places.map { [$0] } ?? [])
  }

  mutating func narrow(_ things: [ThingKey]) {
    candidates = candidates.map { $0.intersection(things) } ?? things
  }

  var isFew: Bool { candidates.map { $0.count <= effort.few } ?? false }

  // MARK: - Few things

  mutating func sorted(_ window: ListWindow) throws -> ListPart {
    query.part(of: try fittingRows(), window)
  }

  mutating func sortedThings() throws -> [Identifier] {
    query.sorted(try fittingRows()).map { Identifier(query.listing.kind, bytes: $0.key)! }
  }

  private func fittingRows() throws -> [ListRow] {
    try (candidates ?? []).compactMap { thing in
      try fitting(thing).map { try row(thing, $0) }
    }
  }

  // MARK: - Many things

  mutating func walkedThings() throws -> [Identifier] {
    checks = 0
    var things: [Identifier] = []
    try walk(isBackwards: false, from: nil) { listed, _, thing, _ in
      things.append(listed.identifier(thing))
      return true
    }
    return things
  }

  mutating func walked(_ window: ListWindow) throws -> ListPart {
    checks = 0
    switch window.start {
    case .skip(let count): return try counted(skipping: count, size: window.size)
    case .after(let place): return try continued(from: place, window.size, isBackwards: false)
    case .before(let place): return try continued(from: place, window.size, isBackwards: true)
    }
  }

  /// From the beginning, counting on behind the part that is wanted.
  private mutating func counted(skipping skipped: Int, size: Int) throws -> ListPart {
    var page = ListPart()
    let end = skipped.saturating(size)
    var count = 0
    try walk(isBackwards: false, from: nil) { listed, place, thing, record in
      if (skipped..<end).contains(count) {
        page.rows.append(try listed.row(thing, record, place))
      }
      count += 1
      return count <= max(end, ListPart.maximumTotal)
    }
    page.hasPrevious = skipped > 0 && count > 0
    page.hasNext = count > end
    page.total = min(count, ListPart.maximumTotal)
    page.isTotalExact = count <= ListPart.maximumTotal
    return page
  }

  private mutating func continued(
    from start: [UInt8], _ size: Int, isBackwards: Bool
  ) throws -> ListPart {
    var page = try counted(skipping: 0, size: 0)
    page.hasNext = false
    var hasMore = false
    try walk(isBackwards: isBackwards, from: start) { listed, place, thing, record in
      hasMore = page.rows.count == size
      if !hasMore { page.rows.append(try listed.row(thing, record, place)) }
      return !hasMore
    }
    if isBackwards { page.rows.reverse() }
    page.hasPrevious = isBackwards ? hasMore : true
    page.hasNext = isBackwards ? true : hasMore
    return page
  }

  /// Lends what fits in the order of the list, or against it.
  private mutating func walk(
    isBackwards: Bool, from start: [UInt8]?,
    _ body: (inout Listed, _ place: [UInt8], ThingKey, _ record: [UInt8]?) throws -> Bool
  ) throws {
    let bound = query.conditions.firstIndex { $0.number == query.sort }
    let needsCheck = needsCheck(besides: bound)
    try state.walk(
      query.listing, query.sort, isBackwards: isBackwards != query.isDescending,
      in: bound.map { query.conditions[$0].range } ?? .all, from: start, at: moment
    ) { place, thing in
      if let candidates, !candidates.hasSorted(thing) { return true }
      guard needsCheck else { return try body(&self, place, thing, nil) }
      checks += 1
      guard isComplete || checks <= effort.checks else { throw TooMuchChecked() }
      guard let record = try fitting(thing) else { return true }
      return try body(&self, place, thing, record)
    }
  }

  /// Whether the record must be looked at to know whether a thing of the walk fits.
  ///
  /// - Parameter bound: the condition that the walk itself keeps to.
  private func needsCheck(besides bound: Int?) -> Bool {
    if query.listing.needsCheck(query.places) || !query.computed.checks.isEmpty { return true }
    if !isComplete, query.places != .everywhere { return true }
    return query.conditions.enumerated().contains { index, condition in
      !condition.isExact || !isComplete && index != bound
    }
  }

  // MARK: - An order that no index has

  /// Everything that fits, sorted by what is computed of it. All of it has been looked at.
  mutating func computed() throws -> ComputedOrder {
    guard let key = query.computed.key else { return ComputedOrder(query, []) }
    let state = state
    var keys: [ComputedOrder.Key] = []
    func add(_ thing: Identifier, _ bytes: ThingKey) throws {
      keys.append(ComputedOrder.Key(value: try key(state, thing), thing: bytes))
    }
    if isFew {
      for thing in candidates ?? [] where try fitting(thing) != nil {
        try add(identifier(thing), thing)
      }
    } else {
      try walk(isBackwards: false, from: nil) { listed, _, thing, _ in
        try add(listed.identifier(thing), thing)
        return true
      }
    }
    return ComputedOrder(query, keys)
  }

  // MARK: - One thing

  /// The record of a thing that fulfils everything; nil for others.
  private func fitting(_ thing: ThingKey) throws -> [UInt8]? {
    guard let record = try state.record(identifier(thing), at: moment) else { return nil }
    let finder = MemberFinder(record)
    guard query.conditions.allSatisfy({ $0.fits(finder) }), try isInPlace(finder) else {
      return nil
    }
    let id = identifier(thing)
    return try query.computed.checks.allSatisfy { try $0(state, id, record) } ? record : nil
  }

  private func isInPlace(_ record: MemberFinder) throws -> Bool {
    if query.places == .everywhere { return true }
    func identifier(_ name: String, _ kind: Identifier.Kind) -> Identifier? {
      guard let text = record.value(of: Array(name.utf8)).flatMap(record.text) else { return nil }
      return Identifier(String(decoding: text, as: UTF8.self), kind)
    }
    switch query.listing.kind {
    case .account:
      return identifier("id", .account).map { query.places.contains(account: $0) } ?? false
    case .project:
      return identifier("account", .account).map {
        query.places.contains(account: $0, project: identifier("id", .project))
      } ?? false
    case .secret:
      guard let id = identifier("client", .client), let client = try state.client(id) else {
        return false
      }
      return query.places.contains(account: client.account, project: client.project)
    default:
      return identifier("account", .account).map {
        query.places.contains(account: $0, project: identifier("project", .project))
      } ?? false
    }
  }

  private func identifier(_ thing: ThingKey) -> Identifier {
    Identifier(query.listing.kind, bytes: thing.bytes)!
  }

  /// - Parameters:
  ///   - record: fetched unless it was.
  ///   - place: made of the record unless it is known.
  private func row(
    _ thing: ThingKey, _ record: [UInt8]?, _ place: [UInt8]? = nil
  ) throws -> ListRow {
    let record = try record ?? state.record(identifier(thing), at: moment) ?? []
    let column = query.listing.columns[query.sort]
    let value = { column.values(in: MemberFinder(record)).first.flatMap(column.key) }
    return ListRow(
      key: thing.bytes, record: record, place: place ?? IndexKey.place(value(), thing.bytes))
  }
}

extension Listing {
  /// One of these is true of what lies in the places; nil when that is all, or when only the records
  /// tell.
  fileprivate func conditions(_ places: Places) -> [Condition]? {
    guard case .some(let accounts, let projects) = places else { return nil }
    let account = kind == .account ? 0 : column("account")
    let project = kind == .project ? 0 : column("project")
    guard account != nil || project != nil else { return nil }
    func equal(_ number: Int?, _ ids: Set<Identifier>) -> [Condition] {
      guard let number else { return [] }
      return ids.sorted().map { Condition(number, columns[number], .equals($0.ascii)) }
    }
    return equal(account, accounts) + equal(project, projects)
  }

  /// Whether only the records tell what lies in the places.
  fileprivate func needsCheck(_ places: Places) -> Bool {
    places != .everywhere && conditions(places) == nil
  }
}
