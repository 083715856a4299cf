package import MerkleLog

/// What was appended is on disk, in one order, without gaps, and is handed back byte for byte, and so
/// is the Merkle tree over it.
///
/// One thread appends. Nothing above this protocol knows what stores the bytes.
package protocol Journal: AnyObject, Sendable {
  /// The number of events: the position that the next one will have. Any thread.
  var head: UInt64 { get }

  /// Makes sure that the largest batch there may be will fit.
  ///
  /// - Throws: `noSpace`; the call may be repeated.
  @available(*, noasync)
  func reserve() throws(JournalError)

  /// Appends events in order, the first at `position`. On return all of them are durable; after a
  /// throw of `wrongPosition` none of them is stored, after any other the journal is poisoned and
  /// takes nothing more.
  @available(*, noasync)
  func append(_ events: [[UInt8]], at position: UInt64) throws(JournalError)

  /// A reader for one thread at a time.
  func makeReader() throws(JournalError) -> any JournalReader

  /// How much room the journal takes; nil when it has no bounds of its own. Any thread.
  func usage() throws(JournalError) -> StorageUsage?
}

/// Reads from a journal while it grows. No snapshot is held between calls.
///
/// `hashes(of:)` throws `beyondHead` for a tile that the events do not fill yet. Full tiles are read
/// as they are stored; those at the right edge are hashed from at most 255 events or full tiles.
package protocol JournalReader: AnyObject, TileReader {
  /// The number of events that are stored now.
  func head() throws(JournalError) -> UInt64

  /// The bytes as they were appended; nil at or behind the head.
  func event(at position: UInt64) throws(JournalError) -> [UInt8]?

  /// Lends events in order from `position` until `body` gives false or there is no more. The bytes
  /// are the journal's own, uncopied, and end with the call of `body`.
  ///
  /// - Throws: `damaged` at a gap.
  func scan(from position: UInt64, _ body: (Span<UInt8>) -> Bool) throws(JournalError)

  /// At most `limit` events in order, and not more than the first beyond `maximumBytes` in all.
  /// Empty at or behind the head.
  ///
  /// - Throws: `damaged` at a gap.
  func events(
    from position: UInt64, limit: Int, maximumBytes: Int
  ) throws(JournalError) -> [[UInt8]]

  /// Whether full tiles are stored: not in a journal that was last written before there were any.
  var hasTiles: Bool { get }

  /// The bytes of a full tile as they are stored; nil where there is none.
  ///
  /// - Parameter tile: its width does not matter.
  func storedTile(_ tile: Tile) throws(JournalError) -> [UInt8]?
}
