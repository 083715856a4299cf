package import Cryptography
import Foundation
import Journal

/// The files of a key directory in one message that the owner of a certificate can open: a tar archive
/// in CMS. `openssl cms -decrypt -inform PEM -in keys.cms -inkey KEY.pem | tar x` opens it.
package struct EncryptedKeys: Sendable {
  /// PEM.
  let message: [UInt8]
  /// The certificate's fingerprint.
  let recipient: String

  /// - Parameter folder: its files, not the folders in it.
  /// - Throws: `CryptographyError`, or that the folder cannot be read.
  package init(of folder: String, to recipient: Certificate) throws {
    let archive = try keyFiles(of: folder).flatMap { Ustar.entry($0, $1, for: .owner) }
    message = try AuthEnvelopedData.encrypt(archive + Ustar.end, to: recipient)
    self.recipient = try recipient.fingerprint
  }
}

extension BackupDirectory {
  /// Writes the keys of the backup into a folder.
  ///
  /// - Parameter key: the recipient's private key, as unencrypted PEM.
  /// - Throws: `damaged` when the backup has none; `CryptographyError`, `FileError`.
  package func restoreKeys(to folder: String, with key: [UInt8]) throws {
    guard let message = try read(Name.keys) else { throw missing(Name.keys) }
    let archive = try AuthEnvelopedData.decrypt(message, with: key)
    let files: [Ustar.Entry]
    do {
      files = try Ustar.entries(archive, for: .owner)
    } catch {
      throw damaged(Name.keys, "it does not hold a tar archive of keys: \(error.what)")
    }
    guard files.allSatisfy({ !$0.name.contains("/") && !$0.name.hasPrefix(".") }) else {
      throw damaged(Name.keys, "a file in it has a name that leads elsewhere")
    }
    try write(files.map { ($0.name, Array(archive[$0.content])) }, to: folder)
  }
}

/// Copies the files of a key directory, durably.
package func copyKeys(from source: String, to folder: String) throws {
  try write(keyFiles(of: source), to: folder)
}

private typealias KeyFile = (name: String, content: [UInt8])

/// The files of a folder, by name; what is hidden is not a key.
private func keyFiles(of folder: String) throws -> [KeyFile] {
  let names = try FileManager.default.contentsOfDirectory(atPath: folder)
  return try names.filter { !$0.hasPrefix(".") }.sorted().map { name in
    guard name.utf8.count <= Ustar.longestName else {
      throw BackupError(.damaged, "\(folder)/\(name) has a longer name than a key has")
    }
    return (name, Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
  }
}

/// Writes files, readable by their owner alone.
private func write(_ files: [KeyFile], to folder: String) throws {
  for file in files {
    try DurableFile.place(
      file.content, at: "\(folder)/\(file.name)", by: "\(folder)/.unfinished")
  }
  try DurableFile.synchronize(folder)
}
