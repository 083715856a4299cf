package import Ledger

/// Which things of a listing are wanted, in which order.
package struct ListQuery: Sendable {
  package let listing: Listing
  /// All of them hold.
  package let conditions: [Condition]
  /// Folded; a part of what is searched.
  package let text: [UInt8]?
  /// The place of a column that is sorted by.
  package let sort: Int
  package let isDescending: Bool
  /// Nothing elsewhere is listed.
  package let places: Places
  package let computed: Computed

  package init(
    _ listing: Listing, conditions: [Condition] = [], text: [UInt8]? = nil, sort: Int = 0,
    isDescending: Bool = false, places: Places = .everywhere, computed: Computed = Computed()
  ) {
    self.listing = listing
    self.conditions = conditions
    self.text = text
    self.sort = sort
    self.isDescending = isDescending
    self.places = places
    self.computed = computed
  }
}

/// What no index knows and is found out for each thing that is looked at.
package struct Computed: Sendable {
  package typealias Check = @Sendable (StateSnapshot, Identifier, _ record: [UInt8]) throws -> Bool
  package typealias Key = @Sendable (StateSnapshot, Identifier) throws -> UInt64?

  /// All of them hold.
  package var checks: [Check] = []
  /// Sorted by instead of a column; what has none comes first.
  package var key: Key?

  package init() {}
}

/// Which part of a list is wanted.
package struct ListWindow: Sendable {
  package enum Start: Sendable {
    /// Behind so many.
    case skip(Int)
    /// Behind the row of this place, or before it.
    case after([UInt8])
    case before([UInt8])
  }

  package let start: Start
  package let size: Int

  package init(_ start: Start, size: Int) {
    self.start = start
    self.size = size
  }
}

/// A thing as it stood.
package struct ListRow: Sendable {
  /// What tells it apart: the bytes of its identifier, if it has one.
  package let key: [UInt8]
  /// Canonical bytes.
  package let record: [UInt8]
  /// Where it stands in the order of the list: a list can be continued from here.
  package let place: [UInt8]
}

/// A part of a list.
package struct ListPart: Sendable {
  package var rows: [ListRow] = []
  package var hasPrevious = false
  package var hasNext = false
  /// How many there are in all; at most `maximumTotal` are counted.
  package var total = 0
  package var isTotalExact = true

  package static let maximumTotal = 10_000
}

/// When a list is made in another way.
package struct ListEffort: Sendable {
  /// So many things are fetched and sorted without a second thought.
  package var few = 20_000
  /// So many are fetched in the hope that most of them fit.
  package var checks = 40_000

  package init() {}
}
