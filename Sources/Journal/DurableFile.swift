import Glibc

/// Files that are there as a whole or not at all, and stay there after a power cut.
package enum DurableFile {
  /// Puts a file, which its owner alone reads, in the place of what is there. Its content is durable
  /// on return; its name is when `synchronize` was called for its folder.
  ///
  /// - Parameter temporary: where it is written first, on the same file system; gone on return.
  package static func place(
    _ bytes: [UInt8], at path: String, by temporary: String
  ) throws(FileError) {
    do throws(FileError) {
      try write(bytes, to: temporary)
      guard unsafe rename(temporary, path) == 0 else {
        throw FileError("\(path) cannot be written")
      }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  /// Makes a file durable, or the names in a folder.
  package static func synchronize(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("\(path) cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("\(path) cannot be made durable") }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    // One that an interrupted run left, or a link that somebody put there.
    unsafe unlink(path)
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("\(path) cannot be written") }
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, named: path)
    guard fsync(descriptor) == 0 else { throw FileError("\(path) cannot be made durable") }
  }
}
