import CLMDB
import Glibc

/// One LMDB environment: a directory with `data.mdb` and `lock.mdb`.
///
/// Open a directory once per process. Reads may come from any thread; writes only from one at a
/// time (LMDB's own lock makes a second writer wait). The map size is set once, at opening.
@safe package final class Environment: Sendable {
  package let path: String
  nonisolated(unsafe) let handle: OpaquePointer

  /// How commits reach the disk.
  package enum Durability: Sendable {
    /// A commit returns when data and meta page are on disk.
    case durable
    /// A commit returns at once; after a power cut the file may be unusable.
    case deferred
  }

  /// How large a reservation step is: more than the largest batch can write.
  package static let reservationStep = 64 << 20

  /// The largest map, in bytes. Built with `-Xswiftc -DSMALL_MAPS` it is 8 GiB, which tools that
  /// shadow every address can hold: ThreadSanitizer, Valgrind.
  #if SMALL_MAPS
    private static let maximumMapSize = 8 << 30
  #else
    private static let maximumMapSize = Int.max
  #endif

  private init(owning handle: OpaquePointer, path: String) {
    unsafe self.handle = unsafe handle
    self.path = path
  }

  deinit { unsafe mdb_env_close(handle) }

  /// Opens, and creates what is missing: the directory itself must exist.
  ///
  /// - Parameter mapSize: bytes of address space; the file may never grow beyond it.
  package static func open(
    _ path: String, tables: UInt32, mapSize: Int, durability: Durability, readOnly: Bool = false
  ) throws(LMDBError) -> Environment {
    var handle: OpaquePointer?
    try check(unsafe mdb_env_create(&handle), "create environment", path)
    let environment = unsafe Environment(owning: handle!, path: path)
    try unsafe check(mdb_env_set_maxdbs(environment.handle, tables), "set tables", path)
    let mapSize = min(mapSize, maximumMapSize)
    try unsafe check(mdb_env_set_mapsize(environment.handle, mapSize), "set map size", path)
    try unsafe check(mdb_env_set_maxreaders(environment.handle, 512), "set readers", path)
    var flags = UInt32(MDB_NOTLS)
    if durability == .deferred { flags |= UInt32(MDB_NOSYNC) }
    if readOnly { flags |= UInt32(MDB_RDONLY) }
    try reserveLockFile(path + "/lock.mdb")
    try unsafe check(mdb_env_open(environment.handle, path, flags, 0o600), "open", path)
    try environment.refuseShortFile()
    try environment.releaseDeadReaders()
    return environment
  }

  /// LMDB makes a lock file without blocks and writes to it through a map: on a full disk that ends
  /// the process with SIGBUS. So a missing one is made here, with blocks for more readers than are
  /// asked for. Where none can be made, LMDB says so.
  private static func reserveLockFile(_ path: String) throws(LMDBError) {
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let code = posix_fallocate(descriptor, 0, 64 << 10)
    if code != 0 { _ = unsafe unlink(path) }
    try check(code, "reserve space for the lock file", path)
  }

  /// A snapshot to read from; it keeps its pages alive until it ends or is reset.
  package func beginRead() throws(LMDBError) -> ReadTransaction {
    try ReadTransaction.begin(self)
  }

  /// The one write transaction; waits while another thread or process holds it.
  @available(*, noasync)
  package func beginWrite() throws(LMDBError) -> WriteTransaction {
    try WriteTransaction.begin(self)
  }

  /// Makes what was committed durable, whatever the durability of the environment.
  package func synchronize() throws(LMDBError) {
    try unsafe check(mdb_env_sync(handle, 1), "synchronize", path)
  }

  /// Bytes in use, from the first page to the last one ever used: pages that became free are
  /// among them and are used again.
  package func usedBytes() throws(LMDBError) -> Int {
    unsafe (try information().me_last_pgno + 1) * Int(getpagesize())
  }

  /// Bytes that the file may grow to.
  package func mapBytes() throws(LMDBError) -> Int { unsafe try information().me_mapsize }

  /// Bytes of disk that the file holds, those reserved ahead included.
  package func allocatedBytes() throws(LMDBError) -> Int { Int(try fileStatus().st_blocks) * 512 }

  /// How many readers there can be at a time, over all processes.
  package func readerSlots() throws(LMDBError) -> Int {
    Int(unsafe try information().me_maxreaders)
  }

  /// How many readers there are, over all processes, whether they hold a snapshot now or not.
  package func readers() throws(LMDBError) -> Int {
    // LMDB lists a line for each reader under a heading, or one line that says there is none.
    var lines = 0
    let result = unsafe withUnsafeMutablePointer(to: &lines) { lines in
      unsafe mdb_reader_list(
        handle,
        { _, lines in
          unsafe lines!.assumingMemoryBound(to: Int.self).pointee += 1
          return 0
        }, lines)
    }
    try check(min(result, 0), "list readers", path)
    return max(lines - 1, 0)
  }

  private func information() throws(LMDBError) -> MDB_envinfo {
    var info = unsafe MDB_envinfo()
    try unsafe check(mdb_env_info(handle, &info), "read information", path)
    return unsafe info
  }

  /// Device and inode of the data file: they tell a copy from the original.
  package func fileIdentity() throws(LMDBError) -> (device: UInt64, inode: UInt64) {
    let status = try fileStatus()
    return (UInt64(status.st_dev), UInt64(status.st_ino))
  }

  /// Makes sure that one more reservation step fits behind the used part, by allocating blocks.
  ///
  /// Throws with `ENOSPC` when the disk has no room; nothing was changed then and the call may be
  /// repeated. Calls with room enough cost two system calls.
  package func reserve() throws(LMDBError) {
    let wanted = try usedBytes() + Self.reservationStep
    guard try allocatedBytes() < wanted else { return }
    // A reader that was killed pins its pages until it is noticed: look before growing.
    try releaseDeadReaders()
    let end = (wanted / Self.reservationStep + 1) * Self.reservationStep
    try check(posix_fallocate(try descriptor(), 0, end), "reserve space", path)
  }

  private func releaseDeadReaders() throws(LMDBError) {
    var dead: Int32 = 0
    try unsafe check(mdb_reader_check(handle, &dead), "check readers", path)
  }

  /// Reading a page behind the end of the file would end the process with SIGBUS.
  private func refuseShortFile() throws(LMDBError) {
    let size = Int(try fileStatus().st_size)
    try check(
      size < (try usedBytes()) ? MDB_CORRUPTED : 0, "opening a file that is cut short", path)
  }

  private func descriptor() throws(LMDBError) -> Int32 {
    var descriptor: Int32 = -1
    try unsafe check(mdb_env_get_fd(handle, &descriptor), "find file", path)
    return descriptor
  }

  private func fileStatus() throws(LMDBError) -> stat {
    var status = stat()
    let result = unsafe fstat(try descriptor(), &status)
    try check(result == 0 ? 0 : errno, "read file status", path)
    return status
  }
}

/// Turns a non-zero code into an error.
func check(
  _ code: Int32, _ operation: @autoclosure () -> String, _ path: @autoclosure () -> String
) throws(LMDBError) {
  guard code == 0 else { throw LMDBError(code: code, operation: operation(), path: path()) }
}
