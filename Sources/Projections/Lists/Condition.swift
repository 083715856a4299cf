import CanonicalJSON
package import Ledger

/// What a thing must have in a column. Of several values one is enough.
package struct Condition: Sendable {
  package enum Test: Sendable {
    /// The value as it is written.
    case equals([UInt8])
    /// What the value's key begins with.
    case begins([UInt8])
    /// Keys: the value's is not below the first, and below the second if there is one.
    case between([UInt8], [UInt8]?)
  }

  let number: Int
  let column: Column
  private let test: Test
  /// Where in the index what may fit stands.
  let range: IndexRange
  /// Whether the index alone says what fits: it keeps no letter case, and of long values the
  /// beginning.
  let isExact: Bool

  /// - Parameter number: the column's place in the listing.
  package init(_ number: Int, _ column: Column, _ test: Test) {
    self.number = number
    self.column = column
    self.test = test
    switch test {
    case .equals(let value):
      let key = column.key(value) ?? []
      range = IndexRange(equal: key)
      isExact = column.form != .text && key.count < IndexKey.maximumValue
    case .begins(let key):
      range = IndexRange(beginning: key)
      isExact = key.count < IndexKey.maximumValue
    case .between(let from, let to):
      range = IndexRange(from: from, to: to)
      isExact = max(from.count, to?.count ?? 0) < IndexKey.maximumValue
    }
  }

  func fits(_ record: MemberFinder) -> Bool { column.values(in: record).contains(where: fits) }

  private func fits(_ value: [UInt8]) -> Bool {
    if case .equals(let wanted) = test { return value == wanted }
    guard let key = column.key(value) else { return false }
    switch test {
    case .equals: return false
    case .begins(let start): return key.starts(with: start)
    case .between(let from, let to):
      return !key.lexicographicallyPrecedes(from)
        && to.map { key.lexicographicallyPrecedes($0) } ?? true
    }
  }
}

/// Places in the order of a column: from the first on, before the second.
struct IndexRange: Sendable {
  let lower: [UInt8]
  let upper: [UInt8]

  /// Everything, also what has no value.
  static let all = IndexRange(lower: [], upper: [2])

  private init(lower: [UInt8], upper: [UInt8]) {
    self.lower = lower
    self.upper = upper
  }

  init(equal key: [UInt8]) {
    let start = [1] + key.prefix(IndexKey.maximumValue)
    self.init(lower: start + [0], upper: start + [1])
  }

  init(beginning key: [UInt8]) {
    let start = [1] + key.prefix(IndexKey.maximumValue)
    self.init(lower: start, upper: start + [0xFF])
  }

  init(from: [UInt8], to: [UInt8]?) {
    let cut = (to?.count ?? 0) > IndexKey.maximumValue
    let end = to.map { [1] + $0.prefix(IndexKey.maximumValue) + (cut ? [0xFF] : []) }
    self.init(lower: [1] + from.prefix(IndexKey.maximumValue), upper: end ?? [2])
  }
}

extension Listing {
  /// That a thing names another one in a column.
  package func condition(_ column: String, _ id: Identifier) -> Condition {
    let number = self.column(column)!
    return Condition(number, columns[number], .equals(id.ascii))
  }
}
