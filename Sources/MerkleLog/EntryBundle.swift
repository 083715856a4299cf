/// Up to 256 records that stand side by side (C2SP tlog-tiles, "Log Entries"): those under the tile
/// of the same index at level 0.
///
/// Its bytes are, for each record, its length as two bytes, big-endian, and the record.
package struct EntryBundle: Sendable, Hashable {
  package let index: UInt64
  /// How many records, 1 to 256.
  package let width: Int

  /// - Precondition: the width is in range.
  package init(index: UInt64, width: Int = Tile.fullWidth) {
    precondition((1...Tile.fullWidth).contains(width))
    self.index = index
    self.width = width
  }

  /// The position of its first record.
  package var start: UInt64 { index * UInt64(Tile.fullWidth) }

  /// `tile/entries/<N>`, followed by `.p/<W>` when it has fewer than 256 records.
  package var path: String { "tile/entries/" + TilePath.text(index, width: width) }

  /// The bundle at a path; nil unless the path is exactly what `path` gives.
  package init?(path: String) {
    guard path.hasPrefix("tile/entries/"),
      let (index, width) = TilePath.parse(path.dropFirst("tile/entries/".count))
    else { return nil }
    self.init(index: index, width: width)
    guard self.path == path else { return nil }
  }

  /// Whether a log of a size has all of its records.
  package func isWithin(logOfSize size: UInt64) -> Bool {
    Tile(level: 0, index: index, width: width).isWithin(treeOfSize: size)
  }

  /// Nil when a record has more than 65,535 bytes.
  package static func encode(_ records: [[UInt8]]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(records.reduce(0) { $0 + $1.count + 2 })
    for record in records {
      guard let length = UInt16(exactly: record.count) else { return nil }
      bytes += [UInt8(length >> 8), UInt8(length & 0xFF)]
      bytes += record
    }
    return bytes
  }

  /// The records; nil when the bytes end within one.
  package static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
    var records: [[UInt8]] = []
    var rest = bytes[...]
    while let high = rest.popFirst() {
      guard let low = rest.popFirst() else { return nil }
      let length = Int(high) << 8 | Int(low)
      guard rest.count >= length else { return nil }
      records.append(Array(rest.prefix(length)))
      rest.removeFirst(length)
    }
    return records
  }
}
