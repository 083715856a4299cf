import CLMDB

/// A named table of an environment: keys of 1 to 511 bytes in byte order, one value each.
///
/// Belongs to the environment it was opened in, for as long as that lives.
package struct Table: Sendable, Hashable {
  package let name: String
  let handle: MDB_dbi

  /// Opens the tables, creating those that are missing, in one transaction of its own.
  @available(*, noasync)
  package static func open(
    _ names: [String], in environment: Environment
  ) throws(LMDBError) -> [Table] {
    let transaction = try environment.beginWrite()
    var tables: [Table] = []
    for name in names {
      tables.append(try transaction.open(name, flags: UInt32(MDB_CREATE)))
    }
    try transaction.commit()
    return tables
  }

  /// Opens tables that exist; for environments opened read-only.
  package static func openExisting(
    _ names: [String], in environment: Environment
  ) throws(LMDBError) -> [Table] {
    let transaction = try environment.beginRead()
    var tables: [Table] = []
    for name in names { tables.append(try transaction.open(name, flags: 0)) }
    // Handles opened in a transaction outlive it only if it is committed.
    try transaction.commit()
    return tables
  }
}

extension Transaction where Self: ~Copyable {
  fileprivate borrowing func open(_ name: String, flags: UInt32) throws(LMDBError) -> Table {
    var handle: MDB_dbi = 0
    try unsafe check(
      mdb_dbi_open(pointer, name, flags, &handle), "open table \(name)", environment.path)
    return Table(name: name, handle: handle)
  }
}
