/// Why bytes are not JSON of the closed kind, and where.
package struct JSONError: Error, Equatable, Sendable {
  package enum Code: Sendable {
    /// The text ends inside a value.
    case unexpectedEnd
    /// A byte that the grammar of RFC 8259 does not allow there, raw control characters included.
    case unexpectedByte
    /// A name that the object already has; escaped and plain spellings are the same name.
    case duplicateName
    /// Half of a surrogate pair, written as an escape.
    case loneSurrogate
    /// Bytes in a string that are not UTF-8: overlong, surrogates, beyond U+10FFFF, cut short.
    case invalidUTF8
    /// A number with a fraction or an exponent, or minus zero.
    case numberNotInteger
    /// An integer beyond ±(2^53−1).
    case integerOutOfRange
    /// Arrays and objects nested deeper than the caller allowed.
    case tooDeep
    /// Something follows the value.
    case trailingBytes
    /// Valid, but not the bytes of RFC 8785: white space, a name out of order, or an escape that
    /// the canonical form spells differently.
    case notCanonical
  }

  package let code: Code
  /// Where in the input, in bytes from its start.
  package let offset: Int

  package init(_ code: Code, at offset: Int) {
    self.code = code
    self.offset = offset
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String { "\(reason) at byte \(offset)" }

  private var reason: String {
    switch code {
    case .unexpectedEnd: "the JSON text ends too early"
    case .unexpectedByte: "unexpected byte"
    case .duplicateName: "duplicate member name"
    case .loneSurrogate: "lone surrogate"
    case .invalidUTF8: "invalid UTF-8"
    case .numberNotInteger: "a number that is not a plain integer"
    case .integerOutOfRange: "an integer beyond ±(2^53−1)"
    case .tooDeep: "nested too deep"
    case .trailingBytes: "bytes after the JSON value"
    case .notCanonical: "not the canonical form"
    }
  }
}
