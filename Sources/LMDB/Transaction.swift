import CLMDB

/// What read and write transactions can both do. Values are lent for the length of a closure:
/// they are bytes of the map and cannot outlive it.
package protocol Transaction: ~Copyable {
  @unsafe var pointer: OpaquePointer { get }
  var environment: Environment { get }
}

extension Transaction where Self: ~Copyable {
  /// Lends the value of a key; false when the key is absent.
  @discardableResult
  package borrowing func get(
    _ table: Table, _ key: Span<UInt8>, _ body: (Span<UInt8>) throws -> Void
  ) throws -> Bool {
    var value = unsafe MDB_val()
    let code = unsafe withValue(key) { key in
      unsafe mdb_get(pointer, table.handle, key, &value)
    }
    if isAbsent(code) { return false }
    try check(code, "read \(table.name)", environment.path)
    let found = unsafe buffer(of: value)
    try unsafe body(found.span)
    return true
  }

  /// Number of entries.
  package borrowing func count(_ table: Table) throws(LMDBError) -> Int {
    var statistics = MDB_stat()
    try unsafe check(
      mdb_stat(pointer, table.handle, &statistics), "count \(table.name)", environment.path)
    return statistics.ms_entries
  }

  /// Lends the entry with the greatest key not above `key`; false when there is none.
  @discardableResult
  package borrowing func floor(
    _ table: Table, _ key: Span<UInt8>, _ body: (Span<UInt8>, Span<UInt8>) throws -> Void
  ) throws -> Bool {
    let cursor = try Cursor.open(table, in: self)
    guard try cursor.moveToFloor(key) else { return false }
    try cursor.lend(body)
    return true
  }

  /// Lends entries in key order from the first key not below `start`, until `body` gives false.
  package borrowing func scan(
    _ table: Table, from start: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws -> Bool
  ) throws {
    let cursor = try Cursor.open(table, in: self)
    var found = try cursor.moveToCeiling(start)
    while found {
      guard try cursor.lend(body) else { return }
      found = try cursor.move(MDB_NEXT)
    }
  }

  /// The same backwards, from the last key not above `start`.
  package borrowing func scanBackwards(
    _ table: Table, from start: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws -> Bool
  ) throws {
    let cursor = try Cursor.open(table, in: self)
    var found = try cursor.moveToFloor(start)
    while found {
      guard try cursor.lend(body) else { return }
      found = try cursor.move(MDB_PREV)
    }
  }
}

/// A snapshot. Ends with its owner; never hold one across a wait.
@safe package struct ReadTransaction: ~Copyable, Transaction {
  @unsafe private var open: OpaquePointer?
  package let environment: Environment

  private init(owning pointer: OpaquePointer, in environment: Environment) {
    unsafe self.open = unsafe pointer
    self.environment = environment
  }

  deinit { if let pointer = unsafe open { unsafe mdb_txn_abort(pointer) } }

  @unsafe package var pointer: OpaquePointer { unsafe open! }

  static func begin(_ environment: Environment) throws(LMDBError) -> ReadTransaction {
    var pointer: OpaquePointer?
    try unsafe check(
      mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &pointer), "begin read",
      environment.path)
    return unsafe ReadTransaction(owning: pointer!, in: environment)
  }

  /// Lets go of the snapshot and keeps the reader slot; only `renew` may follow.
  package borrowing func reset() { unsafe mdb_txn_reset(pointer) }

  /// Takes the newest snapshot, after `reset`.
  package borrowing func renew() throws(LMDBError) {
    try unsafe check(mdb_txn_renew(pointer), "renew read", environment.path)
  }

  consuming func commit() throws(LMDBError) {
    let pointer = unsafe open
    unsafe open = nil
    try unsafe check(mdb_txn_commit(pointer), "end read", environment.path)
  }
}

/// The one write transaction of an environment. Aborts unless committed. Stays on its thread.
@safe package struct WriteTransaction: ~Copyable, Transaction {
  @unsafe private var open: OpaquePointer?
  package let environment: Environment

  private init(owning pointer: OpaquePointer, in environment: Environment) {
    unsafe self.open = unsafe pointer
    self.environment = environment
  }

  deinit { if let pointer = unsafe open { unsafe mdb_txn_abort(pointer) } }

  @unsafe package var pointer: OpaquePointer { unsafe open! }

  static func begin(_ environment: Environment) throws(LMDBError) -> WriteTransaction {
    var pointer: OpaquePointer?
    try unsafe check(
      mdb_txn_begin(environment.handle, nil, 0, &pointer), "begin write", environment.path)
    return unsafe WriteTransaction(owning: pointer!, in: environment)
  }

  /// Stores a value, replacing what was there.
  package borrowing func put(
    _ table: Table, _ key: Span<UInt8>, _ value: Span<UInt8>
  ) throws(LMDBError) {
    try put(table, key, value, flags: 0)
  }

  /// Stores a value under a key greater than every other; throws with `MDB_KEYEXIST` otherwise.
  package borrowing func append(
    _ table: Table, _ key: Span<UInt8>, _ value: Span<UInt8>
  ) throws(LMDBError) {
    try put(table, key, value, flags: UInt32(MDB_APPEND | MDB_NOOVERWRITE))
  }

  private borrowing func put(
    _ table: Table, _ key: Span<UInt8>, _ value: Span<UInt8>, flags: UInt32
  ) throws(LMDBError) {
    let code = unsafe withValue(key) { key in
      unsafe withValue(value) { value in
        unsafe mdb_put(pointer, table.handle, key, value, flags)
      }
    }
    try check(code, "write \(table.name)", environment.path)
  }

  /// Removes a key; an absent one is no error.
  package borrowing func delete(_ table: Table, _ key: Span<UInt8>) throws(LMDBError) {
    let code = unsafe withValue(key) { key in
      unsafe mdb_del(pointer, table.handle, key, nil)
    }
    if isAbsent(code) { return }
    try check(code, "delete from \(table.name)", environment.path)
  }

  /// Commits; durable on return if the environment is. After a failure nothing of it is visible
  /// in this process, but what reached the disk is unknown.
  package consuming func commit() throws(LMDBError) {
    let pointer = unsafe open
    unsafe open = nil
    try unsafe check(mdb_txn_commit(pointer), "commit", environment.path)
  }
}

/// Lends a span to C as an `MDB_val`.
func withValue<R>(
  _ span: Span<UInt8>, _ body: (UnsafeMutablePointer<MDB_val>) -> R
) -> R {
  unsafe span.withUnsafeBufferPointer { buffer in
    var value = unsafe MDB_val(
      mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
    return unsafe body(&value)
  }
}

/// The bytes an `MDB_val` points to; valid while the transaction neither ends nor writes.
func buffer(of value: MDB_val) -> UnsafeBufferPointer<UInt8> {
  unsafe UnsafeBufferPointer(
    start: value.mv_data?.assumingMemoryBound(to: UInt8.self), count: value.mv_size)
}
