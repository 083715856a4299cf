import CanonicalJSON

/// Lists of rows that are all there.
extension ListQuery {
  /// A part of the list of those records that fit, for things without an index.
  ///
  /// - Parameter records: what tells each apart, and its canonical bytes.
  package func part(
    ofRecords records: [(key: [UInt8], bytes: [UInt8])], _ window: ListWindow
  ) -> ListPart {
    let column = listing.columns[sort]
    let rows = records.filter { fits($0.bytes) }.map { key, bytes in
      let value = column.values(in: MemberFinder(bytes)).first.flatMap(column.key)
      return ListRow(key: key, record: bytes, place: IndexKey.place(value, key))
    }
    return part(of: rows, window)
  }

  private func fits(_ record: [UInt8]) -> Bool {
    let finder = MemberFinder(record)
    return conditions.allSatisfy { $0.fits(finder) }
      && text.map { listing.searchText(of: record).contains($0) } ?? true
  }

  func part(of rows: [ListRow], _ window: ListWindow) -> ListPart {
    let rows = sorted(rows)
    let range = window.range(in: rows.count) { index, place in
      isBefore(place, rows[index].place) ? .behind : rows[index].place == place ? .at : .before
    }
    return ListPart(rows: Array(rows[range]), range, of: rows.count)
  }

  func sorted(_ rows: [ListRow]) -> [ListRow] { rows.sorted { isBefore($0.place, $1.place) } }

  private func isBefore(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    isDescending ? right.lexicographicallyPrecedes(left) : left.lexicographicallyPrecedes(right)
  }
}

extension ListWindow {
  /// Where a row stands to a place.
  enum Standing { case before, at, behind }

  /// Which of the rows of a sorted list are in the window.
  func range(in count: Int, _ standing: (Int, _ place: [UInt8]) -> Standing) -> Range<Int> {
    switch start {
    case .skip(let skipped):
      let start = min(skipped, count)
      return start..<min(start.saturating(size), count)
    case .after(let place):
      let start = (0..<count).first { standing($0, place) == .behind } ?? count
      return start..<min(start.saturating(size), count)
    case .before(let place):
      let end = (0..<count).first { standing($0, place) != .before } ?? count
      return max(end - size, 0)..<end
    }
  }
}

extension ListPart {
  /// The part of a list that is all there.
  init(rows: [ListRow], _ range: Range<Int>, of count: Int) {
    self.rows = rows
    hasPrevious = range.lowerBound > 0
    hasNext = range.upperBound < count
    total = min(count, Self.maximumTotal)
    isTotalExact = count <= Self.maximumTotal
  }
}

extension Int {
  func saturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
