package import Cryptography
package import Journal
package import MerkleLog
import Synchronization

/// A journal in memory, which can be told to fail.
package final class MemoryJournal: Journal {
  private struct Contents {
    var events: [[UInt8]] = []
    var edge = TreeEdge()
    var tiles: [Tile: [SHA256Digest]] = [:]
    var isPoisoned = false
    var hasRoom = true
    var failsNextCommit = false
  }

  private let contents = Mutex(Contents())

  package init() {}

  /// From now on there is room on the disk, or not.
  package func setRoom(_ hasRoom: Bool) { contents.withLock { $0.hasRoom = hasRoom } }

  /// The next append stores its events and then fails, as a commit whose outcome is unknown does.
  package func failNextCommit() { contents.withLock { $0.failsNextCommit = true } }

  /// Puts other bytes in the place of an event, and leaves the tree as it is.
  package func overwrite(_ position: UInt64, with event: [UInt8]) {
    contents.withLock { $0.events[Int(position)] = event }
  }

  /// Puts other hashes in the place of a full tile, or none.
  package func overwrite(_ tile: Tile, with hashes: [SHA256Digest]?) {
    contents.withLock { $0.tiles[tile] = hashes }
  }

  package var head: UInt64 { contents.withLock { UInt64($0.events.count) } }

  package func reserve() throws(JournalError) {
    guard contents.withLock({ $0.hasRoom }) else { throw JournalError(.noSpace, "no room") }
  }

  package func append(_ events: [[UInt8]], at position: UInt64) throws(JournalError) {
    let failure = contents.withLock { contents -> JournalError? in
      if contents.isPoisoned { return JournalError(.poisoned, "an earlier commit failed") }
      guard position == UInt64(contents.events.count) else {
        return JournalError(.wrongPosition, "the batch is for another head")
      }
      contents.events += events
      for event in events {
        contents.edge.append(recordHash(event)) { contents.tiles[$0] = $1 }
      }
      guard contents.failsNextCommit else { return nil }
      contents.isPoisoned = true
      return JournalError(.poisoned, "the disk does not answer")
    }
    if let failure { throw failure }
  }

  package func makeReader() -> any JournalReader { Reader(journal: self) }

  package func usage() -> StorageUsage? { nil }

  private final class Reader: JournalReader {
    private let journal: MemoryJournal

    init(journal: MemoryJournal) { self.journal = journal }

    func head() -> UInt64 { journal.head }

    func event(at position: UInt64) -> [UInt8]? {
      events(from: position, limit: 1, maximumBytes: 1).first
    }

    var hasTiles: Bool { true }

    func storedTile(_ tile: Tile) -> [UInt8]? {
      journal.contents.withLock { $0.tiles[tile.whole].map(Tile.encode) }
    }

    func hashes(of tile: Tile) throws(JournalError) -> [SHA256Digest] {
      let found = journal.contents.withLock { contents in
        contents.tiles[tile.whole].map { Array($0.prefix(tile.width)) }
          ?? contents.edge.hashes(of: tile)
      }
      guard let found else { throw JournalError(.beyondHead, "\(tile.path) is not filled yet") }
      return found
    }

    func scan(from position: UInt64, _ body: (Span<UInt8>) -> Bool) {
      let rest = journal.contents.withLock { $0.events.dropFirst(Int(clamping: position)) }
      for event in rest {
        guard body(event.span) else { return }
      }
    }

    func events(from position: UInt64, limit: Int, maximumBytes: Int) -> [[UInt8]] {
      let rest = journal.contents.withLock { $0.events.dropFirst(Int(clamping: position)) }
      var result: [[UInt8]] = []
      var room = maximumBytes
      for event in rest where result.count < limit && room > 0 {
        result.append(event)
        room -= event.count
      }
      return result
    }
  }
}
