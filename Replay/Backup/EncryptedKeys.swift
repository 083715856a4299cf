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
    let archive = try TarArchive(filesOf: folder)
    message = try AuthEnvelopedData.encrypt(archive.bytes, to: recipient)
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
    guard let archive = TarArchive(try AuthEnvelopedData.decrypt(message, with: key)) else {
      throw damaged(Name.keys, "it does not hold a tar archive of plain files")
    }
    try archive.write(to: folder)
  }
}

/// Copies the files of a key directory, durably.
package func copyKeys(from source: String, to folder: String) throws {
  try TarArchive(filesOf: source).write(to: folder)
}

extension TarArchive {
  fileprivate init(filesOf folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    self.init(
      try names.map { name in
        let content = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        return Entry(name: name, content: Array(content))
      })
  }

  /// Writes every file, readable by its owner alone.
  fileprivate func write(to folder: String) throws {
    for entry in entries {
      try DurableFile.place(
        entry.content, at: "\(folder)/\(entry.name)", by: "\(folder)/.unfinished")
    }
    try DurableFile.synchronize(folder)
  }
}
