/// Which program this is.
package enum Build {
  package static let version = "0.1.0"

  /// The version of Swift's library that it runs with, without its patches.
  static let swift = "\(_SwiftStdlibVersion.current)".split(separator: ".").prefix(2)
    .joined(separator: ".")
}
