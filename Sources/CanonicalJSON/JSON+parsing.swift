extension JSON {
  /// Reads any RFC 8259 text within the restrictions of this type; white space is allowed around
  /// values. Members keep the order in which they were written.
  ///
  /// Numbers are integers in plain digits: `1.0`, `1e2` and `-0` are `numberNotInteger`.
  /// - Parameter maximumDepth: how many arrays and objects may enclose a value.
  package static func parse(
    _ bytes: Span<UInt8>, maximumDepth: Int = 32
  ) throws(JSONError) -> JSON {
    var parser = Parser(maximumDepth: maximumDepth, isCanonical: false)
    return try parser.document(bytes)
  }

  package static func parse(
    _ bytes: [UInt8], maximumDepth: Int = 32
  ) throws(JSONError) -> JSON {
    try parse(bytes.span, maximumDepth: maximumDepth)
  }

  /// Reads bytes that must be exactly the canonical form (RFC 8785): what this returns has these
  /// very `canonicalBytes`. Else throws `notCanonical` at the first white space, name or escape
  /// that breaks the form.
  package static func parseCanonical(
    _ bytes: Span<UInt8>, maximumDepth: Int = 32
  ) throws(JSONError) -> JSON {
    var parser = Parser(maximumDepth: maximumDepth, isCanonical: true)
    return try parser.document(bytes)
  }

  package static func parseCanonical(
    _ bytes: [UInt8], maximumDepth: Int = 32
  ) throws(JSONError) -> JSON {
    try parseCanonical(bytes.span, maximumDepth: maximumDepth)
  }
}
