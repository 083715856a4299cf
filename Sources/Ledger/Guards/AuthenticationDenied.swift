package import CanonicalJSON

/// Attempts of one minute to authenticate that were denied for one cause, counted together. The
/// subject is the client, or the ledger where no client is known; what an unknown client called
/// itself is not kept, for people type secrets into wrong fields.
package struct AuthenticationDenied: EventData, Hashable {
  package static let type = "authentication.denied"

  package enum Cause: String, Sendable, CaseIterable {
    /// No client has the id; attempts that came too early are among them.
    case unknownClient = "unknown_client"
    case wrongSecret = "wrong_secret"
    /// A secret that was good once: replaced, expired or revoked.
    case endedSecret = "ended_secret"
    /// The right secret of a client that may not authenticate.
    case disabledClient = "disabled_client"
    /// Too early after some failures from the same source; not looked at.
    case slowed
    /// The same, after more of them.
    case locked
    /// The rules for the domain of the request.
    case domain
    /// Attempts of the minute beyond those told apart.
    case others

    /// Whether the subject is the client; the ledger otherwise.
    var isOfClient: Bool { self != .unknownClient && self != .others }
  }

  package let cause: Cause
  /// At least one.
  package let count: Int64
  /// The epoch second at which the minute began.
  package let minute: Int64
  /// The secret that was shown, for `endedSecret` alone.
  package let secret: Identifier?
  /// An IPv4 address, the /64 of an IPv6 one, or `unix`; nil for `others` alone.
  package let source: String?

  init(
    cause: Cause, count: Int64, minute: Int64, secret: Identifier? = nil, source: String? = nil
  ) {
    self.cause = cause
    self.count = count
    self.minute = minute
    self.secret = secret
    self.source = source
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    cause = try reader.choice("cause", Cause.self)
    count = try reader.count("count")
    minute = try reader.minute("minute")
    secret = try reader.optionalIdentifier("secret", .secret)
    source = try reader.optionalString("source")
    guard (secret != nil) == (cause == .endedSecret), (source == nil) == (cause == .others) else {
      throw reader.malformed("cause", "does not go with the members beside it")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("cause", cause.rawValue)
    writer.member("count", count)
    writer.member("minute", minute)
    writer.member("secret", optional: secret)
    writer.member("source", optional: source)
  }
}

extension ObjectReader {
  /// A number of things that there were: at least one.
  mutating func count(_ name: String) throws(MalformedObject) -> Int64 {
    let count = try integer(name)
    guard count > 0 else { throw malformed(name, "counts nothing") }
    return count
  }

  /// The epoch second at which a minute begins.
  mutating func minute(_ name: String) throws(MalformedObject) -> Int64 {
    let second = try epochSecond(name)
    guard second % 60 == 0 else { throw malformed(name, "is not the beginning of a minute") }
    return second
  }
}
