import Cryptography
import LMDB

/// SHA-256 in lower-case hex over the number of events, then for each table in the order of names:
/// name, number of entries and every entry in key order; each with its length before it. The
/// marker, which differs between equal states, is left out.
func stateDigest(
  _ transaction: borrowing ReadTransaction, _ tables: Tables
) throws -> String {
  var hasher = SHA256Hasher()
  hasher.update([UInt8](try Marker.read(transaction, tables.marker)?.applied ?? 0))
  for table in tables.all where table != tables.marker {
    let name = Array(table.name.utf8)
    hasher.update([UInt8](UInt64(name.count)) + name)
    hasher.update([UInt8](UInt64(try transaction.count(table))))
    try hash(table, transaction, &hasher)
  }
  return Hexadecimal.encode(hasher.finish().bytes)
}

private func hash(
  _ table: Table, _ transaction: borrowing ReadTransaction, _ hasher: inout SHA256Hasher
) throws {
  let start: [UInt8] = []
  try transaction.scan(table, from: start.span) { key, value in
    hasher.update([UInt8](UInt64(key.count)).span)
    hasher.update(key)
    hasher.update([UInt8](UInt64(value.count)).span)
    hasher.update(value)
    return true
  }
}
