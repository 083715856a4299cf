import Journal

extension Tallystick {
  /// The data directory that a command names, which must hold a ledger.
  static func ledgerDirectory(_ options: Options) throws(Failure) -> DataDirectory {
    let directory = DataDirectory(try options.required("data"))
    do {
      if try directory.holdsLedger() { return directory }
    } catch {
      throw Failure(.unreadable, error.description)
    }
    throw Failure(.unreadable, "\(directory.path) holds no ledger; tallystick init makes one")
  }

  /// Takes a directory for this process.
  static func takeLock(_ directory: DataDirectory) throws(Failure) -> DirectoryLock {
    do {
      return try directory.lock()
    } catch {
      throw Failure(error.code == .inUse ? .negative : .unreadable, error.description)
    }
  }
}
