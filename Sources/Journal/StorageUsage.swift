package import LMDB

/// How much of a store's room is taken.
package struct StorageUsage: Sendable {
  /// Bytes that hold something or did; those that became free are used again.
  package let usedBytes: Int
  /// Bytes that the store may grow to.
  package let mapBytes: Int
  /// Bytes of disk that it holds, those reserved ahead included.
  package let allocatedBytes: Int
  /// Readers, over all processes.
  package let readers: Int
  /// How many readers there can be.
  package let readerSlots: Int

  package init(_ environment: Environment) throws(LMDBError) {
    usedBytes = try environment.usedBytes()
    mapBytes = try environment.mapBytes()
    allocatedBytes = try environment.allocatedBytes()
    readers = try environment.readers()
    readerSlots = try environment.readerSlots()
  }
}
