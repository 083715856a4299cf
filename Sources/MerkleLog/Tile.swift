/// A tile of the tree (C2SP tlog-tiles): up to 256 hashes that stand side by side at one level.
///
/// Hash i of tile n at level l is the hash of the complete subtree over the records from
/// (n·256 + i)·256^l up to, not including, (n·256 + i + 1)·256^l. A tile of 256 hashes is full and
/// never changes; a partial one holds the first hashes of the tile that it grows to.
package struct Tile: Sendable, Hashable {
  package static let fullWidth = 256

  /// 0 for hashes of records, up to 63.
  package let level: Int
  package let index: UInt64
  /// How many hashes, 1 to 256.
  package let width: Int

  /// - Precondition: level and width are in range.
  package init(level: Int, index: UInt64, width: Int = fullWidth) {
    precondition((0...63).contains(level) && (1...Self.fullWidth).contains(width))
    self.level = level
    self.index = index
    self.width = width
  }

  /// How many records stand under each of its hashes, as a power of two.
  private var shift: Int { 8 * level }

  /// Whether a tree of a size has all hashes of the tile.
  package func isWithin(treeOfSize size: UInt64) -> Bool {
    let complete = size >> shift
    return index <= complete / 256 && UInt64(width) <= complete - index * 256
  }

  /// The tile that is full where this one may be partial.
  package var whole: Tile { Tile(level: level, index: index) }

  /// The tiles at the right edge that a tree of a size has and that are not full, one at most for
  /// each level, from level 0 on; nil where there is none.
  package static func edge(ofTreeOfSize size: UInt64) -> [Tile?] {
    var tiles: [Tile?] = []
    var complete = size
    while complete > 0 {
      let width = Int(complete % 256)
      tiles.append(
        width == 0 ? nil : Tile(level: tiles.count, index: complete / 256, width: width))
      complete /= 256
    }
    return tiles
  }
}

extension Tile {
  /// `tile/<L>/<N>`, followed by `.p/<W>` when it is partial.
  package var path: String { "tile/\(level)/" + TilePath.text(index, width: width) }

  /// The tile at a path; nil unless the path is exactly what `path` gives.
  package init?(path: String) {
    let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "tile", let level = Int(parts[1]),
      (0...63).contains(level), let (index, width) = TilePath.parse(parts[2])
    else { return nil }
    self.init(level: level, index: index, width: width)
    guard self.path == path else { return nil }
  }
}

/// How tlog-tiles writes the number of a tile: groups of three digits, all but the last with an
/// `x` before them, so that no folder has more than a thousand entries.
enum TilePath {
  static func text(_ index: UInt64, width: Int) -> String {
    var groups: [String] = []
    var rest = index
    repeat {
      let digits = String(rest % 1_000)
      groups.append(String(repeating: "0", count: 3 - digits.count) + digits)
      rest /= 1_000
    } while rest > 0
    let prefixed = groups.dropFirst().reversed().map { "x\($0)" } + [groups[0]]
    return prefixed.joined(separator: "/") + (width == Tile.fullWidth ? "" : ".p/\(width)")
  }

  /// Index and width; also of texts that `text` would write otherwise.
  static func parse(_ text: Substring) -> (index: UInt64, width: Int)? {
    let halves = text.split(separator: ".p/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let width = halves.count == 1 ? Tile.fullWidth : Int(halves[1]),
      (1...Tile.fullWidth).contains(width),
      let index = UInt64(halves[0].filter { $0 != "x" && $0 != "/" })
    else { return nil }
    return (index, width)
  }
}
