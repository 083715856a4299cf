import Ledger

/// Things in an order that was computed: 32 bytes each, so that a million of them fit.
struct ComputedOrder {
  struct Key: Comparable {
    let value: UInt64?
    let thing: ThingKey

    static func < (left: Key, right: Key) -> Bool {
      if left.value == right.value { return left.thing < right.thing }
      guard let value = right.value else { return false }
      return left.value.map { $0 < value } ?? true
    }

    var place: [UInt8] { IndexKey.place(value.map { [UInt8]($0) }, thing.bytes) }
  }

  private let kind: Identifier.Kind
  private let isDescending: Bool
  private let keys: [Key]

  init(_ query: ListQuery, _ keys: [Key]) {
    kind = query.listing.kind
    isDescending = query.isDescending
    self.keys = keys.sorted(by: query.isDescending ? { $1 < $0 } : { $0 < $1 })
  }

  var things: [Identifier] { keys.map(thing) }

  private func thing(_ key: Key) -> Identifier { Identifier(kind, bytes: key.thing.bytes)! }

  func part(_ window: ListWindow, _ row: (Identifier) throws -> ListRow?) rethrows -> ListPart {
    let range = window.range(in: keys.count, standing)
    let rows = try keys[range].compactMap { key in
      try row(thing(key)).map { ListRow(key: $0.key, record: $0.record, place: key.place) }
    }
    return ListPart(rows: rows, range, of: keys.count)
  }

  private func standing(_ index: Int, _ place: [UInt8]) -> ListWindow.Standing {
    let own = keys[index].place
    if own == place { return .at }
    return own.lexicographicallyPrecedes(place) != isDescending ? .before : .behind
  }
}
