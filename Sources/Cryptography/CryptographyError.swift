import COpenSSL

/// Why a cryptographic operation gave no result.
///
/// A signature that does not fit is not an error: verification answers `false`.
package struct CryptographyError: Error, Sendable {
  package enum Code: Sendable {
    /// The bytes are not a key of the kind asked for: another format, another algorithm, a point
    /// that is not on the curve, a private half that does not fit the public one.
    case invalidKey
    /// The bytes are no message that the key opens: of another form, for another recipient, or
    /// changed since.
    case invalidMessage
    /// Parameters outside the algorithm's range.
    case invalidParameters
    /// OpenSSL failed at something that it should do with valid input, such as for want of memory.
    case libraryFailure
  }

  package let code: Code
  /// What was being done.
  package let operation: String
  /// OpenSSL's own reasons, oldest first; empty when the input was refused before OpenSSL saw it.
  package let reasons: [String]

  init(_ code: Code, _ operation: String, reasons: [String] = []) {
    self.code = code
    self.operation = operation
    self.reasons = reasons
  }
}

extension CryptographyError: CustomStringConvertible {
  package var description: String {
    reasons.isEmpty
      ? "\(operation) failed"
      : "\(operation) failed: \(reasons.joined(separator: "; "))"
  }
}

extension CryptographyError {
  /// Runs an OpenSSL function that answers 1 for success.
  static func check(
    _ operation: String, otherwise code: Code = .libraryFailure, _ body: () -> Int32
  ) throws(CryptographyError) {
    ERR_clear_error()
    guard body() == 1 else { throw drainingQueue(code, operation) }
  }

  /// Runs an OpenSSL function that makes an object, which the caller then owns.
  static func make(
    _ operation: String, otherwise code: Code = .libraryFailure, _ body: () -> OpaquePointer?
  ) throws(CryptographyError) -> OpaquePointer {
    ERR_clear_error()
    guard let object = unsafe body() else { throw drainingQueue(code, operation) }
    return unsafe object
  }

  private static func drainingQueue(_ code: Code, _ operation: String) -> CryptographyError {
    var reasons: [String] = []
    while case let error = ERR_get_error(), error != 0 { reasons.append(reason(of: error)) }
    return CryptographyError(code, operation, reasons: reasons)
  }

  private static func reason(of error: UInt) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
      unsafe ERR_error_string_n(error, text.baseAddress, text.count)
      return unsafe String(cString: text.baseAddress!)
    }
  }
}
