package import Cryptography
import Foundation

/// The folder of secrets that the log refers to and never holds: peppers and signing keys.
///
/// ```
/// peppers          one pepper a line, the newest last
/// key_….pem        a signing key (PKCS #8), named by its identifier
/// checkpoint       the key that signs checkpoints, as golang.org/x/mod/sumdb/note writes it
/// ```
/// Every file has mode 0600.
package struct KeyDirectory: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var checkpointFile: String { path + "/checkpoint" }

  private var pepperFile: String { path + "/peppers" }

  private func keyFile(_ id: String) -> String { "\(path)/\(id).pem" }

  /// The files that exist, for making them durable.
  package func files() throws(KeyDirectoryError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).map { "\(path)/\($0)" }
    } catch {
      throw KeyDirectoryError("\(path) cannot be read: \(error.localizedDescription)")
    }
  }

  /// Makes the first pepper.
  package func createPepper() throws(KeyDirectoryError) {
    try write(Pepper.generate().line + "\n", to: pepperFile)
  }

  /// Every pepper, the newest last; never empty.
  package func peppers() throws(KeyDirectoryError) -> [Pepper] {
    let peppers = try read(pepperFile).split(separator: "\n").map { Pepper(line: $0) }
    let known = peppers.compactMap { $0 }
    guard !known.isEmpty, known.count == peppers.count else {
      throw KeyDirectoryError("\(pepperFile) is damaged")
    }
    return known
  }

  /// Makes a signing key and keeps it under an identifier.
  package func createSigningKey(_ id: String) throws(KeyDirectoryError) -> P256PrivateKey {
    do {
      let key = try P256PrivateKey.generate()
      try write(String(decoding: try key.pem(), as: UTF8.self), to: keyFile(id))
      return key
    } catch let error as KeyDirectoryError {
      throw error
    } catch {
      throw KeyDirectoryError("a signing key cannot be made: \(error)")
    }
  }

  package func signingKey(_ id: String) throws(KeyDirectoryError) -> P256PrivateKey {
    do {
      return try P256PrivateKey(pem: Array(try read(keyFile(id)).utf8))
    } catch let error as KeyDirectoryError {
      throw error
    } catch {
      throw KeyDirectoryError("\(keyFile(id)) holds no signing key: \(error)")
    }
  }

  /// The key that signs checkpoints: the one line of its file; nil when there is no file.
  package func checkpointKey() throws(KeyDirectoryError) -> String? {
    guard FileManager.default.fileExists(atPath: checkpointFile) else { return nil }
    let text = try read(checkpointFile)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Keeps the key that signs checkpoints.
  package func createCheckpointKey(_ text: String) throws(KeyDirectoryError) {
    try write(text + "\n", to: checkpointFile)
  }

  private func read(_ file: String) throws(KeyDirectoryError) -> String {
    do {
      return try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      throw KeyDirectoryError("\(file) cannot be read: \(error.localizedDescription)")
    }
  }

  /// Creates a file; an existing one is not touched.
  private func write(_ text: String, to file: String) throws(KeyDirectoryError) {
    guard !FileManager.default.fileExists(atPath: file),
      FileManager.default.createFile(
        atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw KeyDirectoryError("\(file) cannot be created") }
  }
}

/// A key that is needed cannot be had.
package struct KeyDirectoryError: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
