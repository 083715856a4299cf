import CanonicalJSON
package import Ledger
import Narrative

/// What became another between two moments of a log.
package struct Difference {
  package let from: PastMoment
  package let to: PastMoment
  let before: PastState
  let after: PastState
  /// In the order of the events that made them so; those that time alone made, last.
  private(set) var entries: [Entry] = []
  private(set) var tokensIssued: UInt64 = 0
  private(set) var tokensRevoked: UInt64 = 0
  /// Things of which all older tokens were ended.
  private(set) var voided: [Identifier] = []
  /// Nil for everything.
  private let scope: Set<Identifier>?

  /// A thing and what became of it.
  struct Entry {
    enum What {
      case added
      case changed([Change])
      case ended
      /// Made and ended since.
      case passed
    }

    let id: Identifier
    let what: What
    /// The last event that changed it; nil when only time did.
    let position: Position?
    /// The thing as it is or, ended, as it was at last.
    let shown: JSON

    var order: (Position, String, Identifier) { (position ?? .max, id.kind.rawValue, id) }
  }

  package var isEmpty: Bool {
    entries.isEmpty && tokensIssued == 0 && tokensRevoked == 0 && voided.isEmpty
  }

  /// - Parameters:
  ///   - walk: at the beginning of a log; ends at the later moment.
  ///   - from: not behind `to`.
  ///   - subject: one thing and what belongs to it; nil for everything.
  /// - Returns: nil when the subject was there at neither moment.
  @available(*, noasync)
  package init?(
    _ walk: inout LogWalk, from: PastMoment, to: PastMoment, of subject: Identifier?,
    progress: (UInt64) -> Void
  ) throws {
    try walk.advance(through: from.position, progress: progress)
    let old = walk.state
    var revoked: [Identifier] = []
    try walk.advance(
      through: to.position, progress: progress,
      visit: { event, _ in
        if case .tokenRevoked(let data) = event.body { revoked.append(data.client) }
        return true
      })
    let new = walk.state
    (self.from, self.to, before, after) = (from, to, old, new)
    scope = subject.map { subject in
      [old, new].compactMap { Selection(of: subject, $0)?.ids }.reduce(into: []) {
        $0.formUnion($1)
      }
    }
    if let scope, scope.isEmpty { return nil }
    try compare()
    tokensRevoked = UInt64(revoked.count { isMeant($0) })
    tokensIssued = try issued(walk)
  }

  private func isMeant(_ id: Identifier) -> Bool { scope?.contains(id) ?? true }

  private func issued(_ walk: LogWalk) throws -> UInt64 {
    guard let scope else { return after.tokenCount - before.tokenCount }
    var count: UInt64 = 0
    try walk.reader.forEachToken(in: from.position + 1..<to.position + 1) { token in
      if scope.contains(token.client) || scope.contains(token.data.secret) { count += 1 }
    }
    return count
  }

  private mutating func compare() throws {
    try compare(\.ledgers, stands: { _, _ in true }, shown: Self.members)
    try compare(\.keys, stands: { _, _ in true }, shown: Self.members)
    try compare(\.plans, stands: { _, _ in true }, shown: Self.members)
    try compare(\.charges, stands: { _, _ in true }, shown: Self.members)
    try compare(
      \.accounts, stands: { account, _ in account.status != .closed }, shown: Self.members)
    try compare(\.projects, stands: { project, _ in project.deleted == nil }, shown: Self.members)
    try compare(\.clients, stands: { client, _ in !client.isDeleted }, shown: Self.members)
    try compare(\.roles, stands: { role, _ in role.removed == nil }, shown: { $0.shown })
    try compare(
      \.secrets, stands: { $0.isActive(at: $1) },
      shown: { .object(($0.shown.members ?? []) + [.init("client", .string($0.client.text))]) })
    try compareGrants()
    voided = after.voidings.filter { $0.value > from.position && isMeant($0.key) }
      .sorted { $0.value < $1.value }.map(\.key)
    entries.sort { $0.order < $1.order }
  }

  private static func members(_ record: some CanonicalObject) throws -> JSON {
    try JSON.parse(record.canonicalBytes())
  }

  private mutating func compare<Record>(
    _ table: KeyPath<PastState, Versions<Record>>, stands: (Record, Timestamp) -> Bool,
    shown: (Record) throws -> JSON
  ) throws {
    for (id, version) in after[keyPath: table] where isMeant(id) {
      let old = before[keyPath: table][id].flatMap { stands($0.record, from.time) ? $0 : nil }
      let new = stands(version.record, to.time) ? version : nil
      let isChanged = version.changed > from.position
      guard isChanged || (old == nil) != (new == nil) else { continue }
      let was = try old.map { try shown($0.record) }
      let position = isChanged ? version.changed : nil
      add(id, was, try new.map { try shown($0.record) }, position, last: try shown(version.record))
    }
  }

  private mutating func add(
    _ id: Identifier, _ was: JSON?, _ now: JSON?, _ position: Position?, last: JSON
  ) {
    let what: Entry.What
    switch (was, now) {
    case (nil, nil):
      // What had ended before and only changed its end is no difference.
      guard before.lastChange(of: id) == nil else { return }
      what = .passed
    case (nil, _): what = .added
    case (_, nil): what = .ended
    case (let was?, let now?):
      let changes = memberChanges(from: was, to: now)
      if changes.isEmpty { return }
      what = .changed(changes)
    }
    entries.append(Entry(id: id, what: what, position: position, shown: last))
  }

  /// Grants are given and taken whole.
  private mutating func compareGrants() throws {
    for (client, version) in after.grants
    where version.changed > from.position && isMeant(client) {
      let old = before.holdings(of: client)?.grants ?? []
      let new = version.record.grants
      for grant in new where !old.contains(grant) {
        try add(grant, of: client, .added, grant.position)
      }
      for grant in old where !new.contains(grant) {
        try add(grant, of: client, .ended, version.changed)
      }
    }
  }

  private mutating func add(
    _ grant: Grant, of client: Identifier, _ what: Entry.What, _ position: Position
  ) throws {
    let members = try Self.members(grant).members ?? []
    let shown = JSON.object(members + [.init("client", .string(client.text))])
    entries.append(Entry(id: grant.id, what: what, position: position, shown: shown))
  }
}
