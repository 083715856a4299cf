package import CanonicalJSON

/// A client read audit data: so often in one minute. The actor is the client, the subject the
/// ledger.
package struct AuditRead: EventData, Hashable {
  package static let type = "audit.read"

  /// At least one.
  package let count: Int64
  /// The epoch second at which the minute began.
  package let minute: Int64
  /// The path, with `{id}` for each identifier.
  package let what: String

  package init(what: String, count: Int64, minute: Int64) {
    self.count = count
    self.minute = minute
    self.what = what
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    count = try reader.count("count")
    minute = try reader.minute("minute")
    what = try reader.string("what")
    guard what.utf8.first == UInt8(ascii: "/") else { throw reader.malformed("what", "is no path") }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("count", count)
    writer.member("minute", minute)
    writer.member("what", what)
  }
}
