import Cryptography
import Journal
import Ledger
import Notary
import Replay

/// How the errors of backup, restore and import are told.
enum BackupFailure {
  /// Turns what the operation throws into a sentence and a status.
  static func told<Result>(_ operation: () throws -> Result) throws -> Result {
    do {
      return try operation()
    } catch {
      Terminal.endProgress()
      switch error {
      case let error as BackupError: throw Failure(status(error.code), error.description)
      case let error as CryptographyError: throw Failure(status(error.code), error.description)
      case let rejection as Rejection: throw Failure(.usage, rejection.sentence)
      case let error as NotaryError:
        throw Failure(error.isOfReading ? .unreadable : .negative, error.description)
      case let fault as Verification.Fault: throw Failure(.negative, fault.description)
      default: throw error
      }
    }
  }

  /// Names what OpenSSL cannot use.
  static func telling<Result>(_ what: String, _ operation: () throws -> Result) throws -> Result {
    do {
      return try operation()
    } catch let error as CryptographyError {
      throw Failure(status(error.code), "\(what): \(error.description)")
    }
  }

  private static func status(_ code: BackupError.Code) -> ExitStatus {
    switch code {
    case .inUse, .contradiction, .damaged: .negative
    case .occupied, .noSuchMoment: .usage
    case .noBackup: .unreadable
    }
  }

  private static func status(_ code: CryptographyError.Code) -> ExitStatus {
    switch code {
    case .invalidMessage: .negative
    case .invalidKey, .invalidParameters: .usage
    case .libraryFailure: .unreadable
    }
  }
}
