import Credentials
import Cryptography
import Foundation
import Journal
import Ledger

/// A signing key as the log has it.
struct LoggedKey: Sendable {
  let id: Identifier
  /// Of the event that activates it.
  let position: Position
  let publicKey: P256PublicKey
}

/// The files of a ledger's keys beside what the log says of them. Those that are not there, as in a
/// copy for an auditor, are not missed.
struct KeyFiles {
  private let keys: KeyDirectory

  init(_ directory: DataDirectory) { keys = KeyDirectory(directory.keys) }

  /// What is wrong with the first file that is not what it must be.
  func fault(among logged: [LoggedKey]) -> Verification.Fault? {
    do {
      if exists("peppers") { _ = try keys.peppers() }
      for key in logged where exists("\(key.id.text).pem") {
        guard try keys.signingKey(key.id.text).publicKey == key.publicKey else {
          return Self.otherKey(key)
        }
      }
      return nil
    } catch {
      return Verification.Fault(nil, "\(error)")
    }
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(keys.path)/\(name)")
  }

  private static func otherKey(_ key: LoggedKey) -> Verification.Fault {
    Verification.Fault(
      key.position,
      "keys/\(key.id.text).pem is not the key that the event at position \(key.position) activates")
  }
}

extension KeyActivated {
  /// The public key; nil unless the coordinates are those of a point on the curve that the algorithm
  /// is for.
  var publicKey: P256PublicKey? {
    guard algorithm == "ES256", let x = Base64URL.decode(x), let y = Base64URL.decode(y) else {
      return nil
    }
    return try? P256PublicKey(x: x, y: y)
  }
}
