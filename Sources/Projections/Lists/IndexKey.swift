import CanonicalJSON
import Ledger

/// A row of the table of indexes: `kind ‖ column ‖ 1 and a value, or 0 for none ‖ 0 ‖ identifier ‖
/// position from which on the thing has the value`. The row's value is the position from which on it
/// has it no more, or is empty. So one range of rows lists the things as they stood after any event.
enum IndexKey {
  /// Longer values are cut; who looks for such a one compares it with the record.
  static let maximumValue = 400

  static func column(_ listing: Listing, _ column: Int) -> [UInt8] {
    [listing.code, UInt8(column)]
  }

  /// The place of a thing in the order of a column: its value and its identifier.
  static func place(_ value: [UInt8]?, _ id: [UInt8]) -> [UInt8] {
    guard let value else { return [0, 0] + id }
    return [1] + value.prefix(maximumValue) + [0] + id
  }

  /// Where everything of a row's key begins and ends but the position.
  static func place(in key: Span<UInt8>) -> Range<Int> { 2..<key.count - 8 }

  /// The thing of a row.
  static func thing(in key: Span<UInt8>) -> ThingKey { ThingKey(key, at: key.count - 24) }

  /// Whether a row stands for the state after the event at a position.
  static func holds(_ key: Span<UInt8>, _ end: Span<UInt8>, at position: Position) -> Bool {
    guard integer(key, at: key.count - 8) <= position else { return false }
    return end.isEmpty || position < integer(end, at: 0)
  }

  /// Whether a record is kept for its history alone.
  static func isGone(_ record: MemberFinder) -> Bool {
    if record.value(of: Array("deleted".utf8)) != nil { return true }
    let status = record.value(of: Array("status".utf8)).flatMap(record.text)
    return status == Array("closed".utf8)
  }

  /// The rows of a record, without their positions; one that a value is repeated in may be too.
  static func rows(of record: [UInt8]?, _ id: Identifier, _ listing: Listing) -> [[UInt8]] {
    guard let record else { return [] }
    let finder = MemberFinder(indexing: record)
    if isGone(finder) { return [] }
    var rows: [[UInt8]] = []
    for (number, column) in listing.columns.enumerated() {
      let values = column.values(in: finder).compactMap(column.key)
      let prefix = Self.column(listing, number)
      for value in values { rows.append(prefix + place(value, id.bytes)) }
      if values.isEmpty { rows.append(prefix + place(nil, id.bytes)) }
    }
    return rows
  }
}

/// The sixteen bytes of an identifier whose kind is known.
struct ThingKey: Hashable, Comparable {
  let high: UInt64
  let low: UInt64

  init(_ bytes: Span<UInt8>, at offset: Int) {
    high = integer(bytes, at: offset)
    low = integer(bytes, at: offset + 8)
  }

  static func < (left: ThingKey, right: ThingKey) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }

  var bytes: [UInt8] { [UInt8](high).appending(low) }
}

/// Eight bytes, big-endian.
func integer(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
  var integer: UInt64 = 0
  for index in offset..<offset + 8 { integer = integer << 8 | UInt64(bytes[index]) }
  return integer
}
