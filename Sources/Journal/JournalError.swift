import LMDB

/// The journal cannot do what was asked.
package struct JournalError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// The batch was made for another head than the journal has. Nothing was written.
    case wrongPosition
    /// No room can be reserved on the disk. Nothing was written; try again later.
    case noSpace
    /// A commit failed, now or earlier: what is on disk is unknown until the journal is opened
    /// again. Never retried.
    case poisoned
    /// The journal was written by a newer version of the program.
    case newerFormat
    /// What is asked for has not happened yet.
    case beyondHead
    /// What is stored is not a journal without gaps.
    case damaged
    /// The storage engine failed otherwise.
    case storage
  }

  package let code: Code
  package let description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  init(_ error: LMDBError) {
    self.init(error.isDamage ? .damaged : .storage, error.description)
  }
}
