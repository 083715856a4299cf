import Glibc
import LMDB
import Ledger

/// What the table of indexes says. Only inside `read`.
extension StateSnapshot {
  /// The last position that counts.
  func moment() throws -> Position {
    let applied = try applied()
    return min(horizon, applied == 0 ? 0 : applied - 1)
  }

  /// The things that fit, each once, in the order of identifiers; nil when there are more than
  /// the limit.
  func things(
    _ conditions: [Condition], _ listing: Listing, at moment: Position, limit: Int
  ) throws -> [ThingKey]? {
    var found: [ThingKey] = []
    for condition in conditions {
      let column = IndexKey.column(listing, condition.number)
      let range = condition.range
      try transaction.scan(tables.indexes, from: (column + range.lower).span) { key, end in
        guard begins(key, with: column, count: 2), isBelow(range.upper, key) else { return false }
        if IndexKey.holds(key, end, at: moment) { found.append(IndexKey.thing(in: key)) }
        return found.count <= limit
      }
      if found.count > limit { return nil }
    }
    found.sort()
    return found.withoutRepeats
  }

  /// The things whose searched texts have a part, in the order of identifiers.
  func things(with part: [UInt8], _ listing: Listing, at moment: Position) throws -> [ThingKey] {
    var found: [ThingKey] = []
    var last: (thing: ThingKey, fits: Bool)?
    try transaction.scan(tables.searches, from: [listing.code].span) { key, text in
      guard key[0] == listing.code else { return false }
      guard integer(key, at: 17) <= moment else { return true }
      let thing = ThingKey(key, at: 1)
      if let last, last.fits, last.thing != thing { found.append(last.thing) }
      last = (thing, contains(text, part))
      return true
    }
    if let last, last.fits { found.append(last.thing) }
    return found
  }

  /// Lends the things of a listing in the order of a column, until `body` gives false.
  ///
  /// - Parameters:
  ///   - range: nothing outside of it.
  ///   - start: the place behind which it begins, in the direction of the walk.
  func walk(
    _ listing: Listing, _ number: Int, isBackwards: Bool, in range: IndexRange,
    from start: [UInt8]?, at moment: Position, _ body: (_ place: [UInt8], ThingKey) throws -> Bool
  ) throws {
    let column = IndexKey.column(listing, number)
    let visit = { (key: Span<UInt8>, end: Span<UInt8>) throws -> Bool in
      guard begins(key, with: column, count: 2), isBelow(range.upper, key),
        !isBelow(range.lower, key)
      else { return false }
      guard IndexKey.holds(key, end, at: moment) else { return true }
      return try body(
        copy(key.extracting(IndexKey.place(in: key))), IndexKey.thing(in: key))
    }
    if isBackwards {
      let from = column + (start ?? range.upper)
      try transaction.scanBackwards(tables.indexes, from: from.span, visit)
    } else {
      // No position begins with this byte: all rows of the place itself are behind.
      let from = column + (start.map { $0 + [0xFF] } ?? range.lower)
      try transaction.scan(tables.indexes, from: from.span, visit)
    }
  }
}

/// Whether a row's key, without the two bytes of its column, sorts before a bound.
private func isBelow(_ bound: [UInt8], _ key: Span<UInt8>) -> Bool {
  for index in bound.indices {
    guard index + 2 < key.count else { return true }
    if key[index + 2] != bound[index] { return key[index + 2] < bound[index] }
  }
  return false
}

extension [ThingKey] {
  /// Of a sorted array.
  var withoutRepeats: [ThingKey] {
    var result: [ThingKey] = []
    result.reserveCapacity(count)
    for thing in self where thing != result.last { result.append(thing) }
    return result
  }

  /// Of two sorted arrays, what both have.
  func intersection(_ other: [ThingKey]) -> [ThingKey] {
    let (short, long) = count < other.count ? (self, other) : (other, self)
    return short.filter { long.hasSorted($0) }
  }

  /// Whether a sorted array has it.
  func hasSorted(_ thing: ThingKey) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < thing { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == thing
  }
}

private func contains(_ text: Span<UInt8>, _ part: [UInt8]) -> Bool {
  guard let first = part.first else { return true }
  return unsafe text.withUnsafeBufferPointer { text in
    guard var place = text.baseAddress else { return false }
    let end = unsafe place + text.count
    while unsafe end - place >= part.count,
      let found = unsafe memchr(place, Int32(first), end - place - part.count + 1)
    {
      if unsafe memcmp(found, part, part.count) == 0 { return true }
      unsafe place = unsafe UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
    }
    return false
  }
}
