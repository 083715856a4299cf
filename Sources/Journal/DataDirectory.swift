import Glibc

/// The directory of one ledger and what stands where in it.
///
/// ```
/// journal/    events and the tree over them. The truth.
/// state/      projections. Derived; may be deleted while no server runs.
/// keys/       signing keys and peppers, mode 0600.
/// checkpoint  the last signed checkpoint. Outside the journal, so that one that was rolled back is
///             noticed.
/// lock        held by the one process that writes.
/// ```
package struct DataDirectory: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var journal: String { path + "/journal" }
  package var state: String { path + "/state" }
  package var keys: String { path + "/keys" }
  package var checkpoint: String { path + "/checkpoint" }
  private var lockFile: String { path + "/lock" }

  /// Whether a ledger was begun here.
  ///
  /// - Throws: when that cannot be seen, such as for want of permission.
  package func holdsLedger() throws(DataDirectoryError) -> Bool {
    if unsafe access(journal + "/data.mdb", R_OK) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else {
      throw DataDirectoryError(.system(errno), "\(path) cannot be read")
    }
    return false
  }

  /// Makes the directory and its folders, readable by their owner alone. Existing ones stay.
  package func create() throws(DataDirectoryError) {
    for folder in [path, journal, state, keys] {
      guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
        throw DataDirectoryError(.system(errno), "\(folder) cannot be created")
      }
    }
  }

  /// Makes the entries of the directory, of its folders and of its parent durable, and the files
  /// of the journal and the keys with them: LMDB does not do it for a new file.
  package func synchronize(files: [String]) throws(DataDirectoryError) {
    let parent = path + "/.."
    for entry in files + [journal + "/data.mdb", journal, state, keys, path, parent] {
      let descriptor = unsafe open(entry, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw DataDirectoryError(.system(errno), "\(entry) cannot be opened")
      }
      defer { close(descriptor) }
      guard fsync(descriptor) == 0 else {
        throw DataDirectoryError(.system(errno), "\(entry) cannot be made durable")
      }
    }
  }

  /// Takes the directory for this process; it is let go when the lock is released or the process
  /// ends, however it ends.
  ///
  /// - Throws: `inUse` when another process holds it.
  package func lock() throws(DataDirectoryError) -> DirectoryLock {
    let descriptor = unsafe open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw DataDirectoryError(.system(errno), "\(lockFile) cannot be opened")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK
        ? DataDirectoryError(.inUse, "\(path) is in use by another tallystick process")
        : DataDirectoryError(.system(code), "\(lockFile) cannot be locked")
    }
    return DirectoryLock(owning: descriptor)
  }
}

/// Held while a process owns a data directory.
package final class DirectoryLock: Sendable {
  private let descriptor: Int32

  fileprivate init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}

/// The data directory cannot be used.
package struct DataDirectoryError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    case inUse
    /// An `errno` value.
    case system(Int32)
  }

  package let code: Code
  package let description: String

  init(_ code: Code, _ what: String) {
    self.code = code
    if case .system(let number) = code {
      description = "\(what): \(unsafe String(cString: strerror(number)))"
    } else {
      description = what
    }
  }
}
