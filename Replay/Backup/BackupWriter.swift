import Foundation
import Journal

/// Writes the files of a backup, each whole or not at all. One process writes at a time.
final class BackupWriter {
  let directory: BackupDirectory
  private let descriptor: Int32
  /// Folders with names that are not durable yet.
  private var changed: Set<String> = []
  private var known: Set<String> = []

  /// Makes the directory if it is missing.
  ///
  /// - Throws: `inUse`, `FileError`.
  init(_ directory: BackupDirectory) throws {
    self.directory = directory
    guard unsafe mkdir(directory.path, 0o700) == 0 || errno == EEXIST else {
      throw FileError("\(directory.path) cannot be created")
    }
    descriptor = unsafe open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("\(directory.path) cannot be opened") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw BackupError(.inUse, "another process writes to \(directory.path)")
    }
    changed = [directory.path, directory.path + "/.."]
  }

  deinit { close(descriptor) }

  /// The content is durable on return, the name after `synchronize`.
  func write(_ bytes: [UInt8], as name: String) throws {
    try makeFolder(of: name)
    try DurableFile.place(
      bytes, at: directory.file(name), by: directory.file(BackupDirectory.Name.unfinished))
    changed.insert(Self.folder(of: directory.file(name)))
  }

  /// Makes everything durable that was written.
  func synchronize() throws {
    for folder in changed { try DurableFile.synchronize(folder) }
    changed.removeAll()
  }

  /// Whether there is nothing but what an interrupted run may have left before its first name.
  func isEmpty() -> Bool { entries("").allSatisfy { $0 == BackupDirectory.Name.unfinished } }

  private func entries(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory.file(folder))) ?? []
  }

  /// Removes the files of a folder that are not named, and the folder if none is left.
  func clear(_ folder: String, keeping names: Set<String>) {
    guard unsafe access(directory.file(folder), F_OK) == 0 else { return }
    for name in entries(folder) where !names.contains("\(folder)/\(name)") {
      unsafe unlink(directory.file("\(folder)/\(name)"))
    }
    unsafe rmdir(directory.file(folder))
  }

  private func makeFolder(of name: String) throws(FileError) {
    let path = Self.folder(of: directory.file(name))
    guard path != directory.path, known.insert(path).inserted else { return }
    try makeFolder(of: Self.folder(of: name))
    if unsafe mkdir(path, 0o700) == 0 {
      changed.insert(Self.folder(of: path))
    } else if errno != EEXIST {
      throw FileError("\(path) cannot be created")
    }
  }

  private static func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
