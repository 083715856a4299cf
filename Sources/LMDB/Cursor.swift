import CLMDB

/// A place in a table; closes with its owner and never leaves the transaction's call.
@safe struct Cursor: ~Copyable {
  @unsafe private let pointer: OpaquePointer
  private let table: Table
  private let path: String

  private init(owning pointer: OpaquePointer, table: Table, path: String) {
    unsafe self.pointer = unsafe pointer
    self.table = table
    self.path = path
  }

  deinit { unsafe mdb_cursor_close(pointer) }

  static func open<T: Transaction & ~Copyable>(
    _ table: Table, in transaction: borrowing T
  ) throws(LMDBError) -> Cursor {
    var pointer: OpaquePointer?
    let path = transaction.environment.path
    try unsafe check(
      mdb_cursor_open(transaction.pointer, table.handle, &pointer), "open cursor", path)
    return unsafe Cursor(owning: pointer!, table: table, path: path)
  }

  /// Moves as `operation` says; false at the end of the table.
  func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
    var key = unsafe MDB_val()
    return try unsafe found(mdb_cursor_get(pointer, &key, nil, operation))
  }

  /// Moves to the first key not below `key`; false when there is none.
  func moveToCeiling(_ key: Span<UInt8>) throws(LMDBError) -> Bool {
    if key.isEmpty { return try move(MDB_FIRST) }
    return try unsafe found(
      withValue(key) { unsafe mdb_cursor_get(pointer, $0, nil, MDB_SET_RANGE) })
  }

  /// Moves to the last key not above `key`; false when there is none.
  func moveToFloor(_ key: Span<UInt8>) throws(LMDBError) -> Bool {
    guard try moveToCeiling(key) else { return try move(MDB_LAST) }
    var found = unsafe MDB_val()
    try unsafe check(
      mdb_cursor_get(pointer, &found, nil, MDB_GET_CURRENT), "read \(table.name)", path)
    let current = unsafe buffer(of: found)
    return unsafe equal(current.span, key) ? true : try move(MDB_PREV)
  }

  /// Lends the entry under the cursor.
  func lend<R>(_ body: (Span<UInt8>, Span<UInt8>) throws -> R) throws -> R {
    var key = unsafe MDB_val()
    var value = unsafe MDB_val()
    try unsafe check(
      mdb_cursor_get(pointer, &key, &value, MDB_GET_CURRENT), "read \(table.name)", path)
    let (keyBytes, valueBytes) = unsafe (buffer(of: key), buffer(of: value))
    return try unsafe body(keyBytes.span, valueBytes.span)
  }

  private func found(_ code: Int32) throws(LMDBError) -> Bool {
    if isAbsent(code) { return false }
    try check(code, "move in \(table.name)", path)
    return true
  }
}

private func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  for index in left.indices where left[index] != right[index] { return false }
  return true
}
