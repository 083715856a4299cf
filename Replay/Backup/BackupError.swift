/// Why a backup cannot be made, or not be restored.
package struct BackupError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The directory holds no backup.
    case noBackup
    /// The directory that a backup is to be made in holds something else.
    case occupied
    /// Another process writes there.
    case inUse
    /// The backup is of another ledger, or of another past of this one.
    case contradiction
    /// What is in the backup, or what it would be made from, is not what was written.
    case damaged
    /// A moment that is not one between two commands, or not one of the backup.
    case noSuchMoment
  }

  package let code: Code
  package let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
