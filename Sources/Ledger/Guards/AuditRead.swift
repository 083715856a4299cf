package import CanonicalJSON

/// A client read audit data: so often in one minute. The actor is the client, the subject the
/// ledger. Revision 1 knew the paths of `/admin` alone.
package struct AuditRead: EventData, Hashable {
  package static let type = "audit.read"
  package static let revision: Int64 = 2

  /// At least one.
  package let count: Int64
  /// The epoch second at which the minute began.
  package let minute: Int64
  /// The path, with `{id}` for each identifier.
  package let what: String
  package let revision: Int64

  package init(what: String, count: Int64, minute: Int64) {
    self.count = count
    self.minute = minute
    self.what = what
    revision = Self.revision
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    try self.init(from: &reader, revision: Self.revision)
  }

  /// - Parameter revision: 1 or 2.
  init(from reader: inout ObjectReader, revision: Int64) throws(MalformedObject) {
    count = try reader.count("count")
    minute = try reader.minute("minute")
    what = try reader.string("what")
    self.revision = revision
    let roots = revision > 1 ? ["/admin/", "/log/"] : ["/admin/"]
    guard roots.contains(where: what.hasPrefix) else {
      throw reader.malformed("what", "is no path of what is audited")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("count", count)
    writer.member("minute", minute)
    writer.member("what", what)
  }
}
