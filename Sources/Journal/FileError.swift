import Glibc

/// A call of the system for a file or a stream failed.
package struct FileError: Error, Sendable, CustomStringConvertible {
  /// The `errno` value.
  package let number: Int32
  package let description: String

  /// Takes the reason from `errno`, as it is now.
  package init(_ what: String) {
    number = errno
    description = "\(what): \(unsafe String(cString: strerror(number)))"
  }
}

/// Writes all of the bytes.
///
/// - Parameter name: what the message of an error calls the file.
package func writeAll(
  _ bytes: [UInt8], to descriptor: Int32, named name: String
) throws(FileError) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileError("\(name) cannot be written") }
    rest = rest.dropFirst(count)
  }
}
