import CLMDB
import Glibc

/// A call into LMDB that failed: its code, what was being done, and on which file.
package struct LMDBError: Error, Sendable, CustomStringConvertible {
  /// A positive `errno` value or a negative `MDB_` code.
  package let code: Int32
  package let operation: String
  package let path: String

  package var description: String {
    "\(operation) failed for \(path): \(unsafe String(cString: mdb_strerror(code))) (\(code))"
  }

  /// The disk, or the share of it that the user may have, is full; passes when there is room.
  package var isLackOfSpace: Bool { [ENOSPC, EDQUOT].contains(code) }

  /// The file is not an LMDB environment, is of another version, lacks a table or holds a broken
  /// page; of a broken description of a table LMDB says EINVAL.
  package var isDamage: Bool {
    [
      MDB_INVALID, MDB_VERSION_MISMATCH, MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INCOMPATIBLE,
      MDB_NOTFOUND, EINVAL,
    ].contains(code)
  }
}

/// LMDB's "not found" and "nothing more": an answer, not a failure.
func isAbsent(_ code: Int32) -> Bool { code == MDB_NOTFOUND }
