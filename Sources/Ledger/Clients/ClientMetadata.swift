import CanonicalJSON

/// What a person says of a client: the fields of a registration.
package struct ClientMetadata: Sendable, Hashable {
  /// RFC 6749 §2.1: what the application is, and so which grants it may use.
  package enum ApplicationType: String, Sendable, CaseIterable {
    case service
    case web
    /// Runs where its secret cannot be kept: a public client.
    case native

    /// RFC 6749 §4.4: client credentials are for confidential clients alone.
    package var mayUseClientCredentials: Bool { self != .native }
  }

  /// Whether the client works on real things.
  package enum Mode: String, Sendable, CaseIterable {
    case live
    case test
  }

  package let appName: String
  package let appVersion: String
  package let applicationType: ApplicationType
  /// The `aud` of its tokens: who shall accept them (RFC 9068 §2.2).
  package let audience: String
  package let clientName: String
  package let clientURI: String?
  package let mode: Mode
  package let scope: Scope
  /// Lifetime of an access token in seconds.
  package let tokenLifetime: Int64

  package init(
    clientName: String, applicationType: ApplicationType, appName: String, appVersion: String,
    clientURI: String?, scope: Scope, audience: String, mode: Mode, tokenLifetime: Int64
  ) {
    self.appName = appName
    self.appVersion = appVersion
    self.applicationType = applicationType
    self.audience = audience
    self.clientName = clientName
    self.clientURI = clientURI
    self.mode = mode
    self.scope = scope
    self.tokenLifetime = tokenLifetime
  }

  init(from reader: inout ObjectReader) throws(MalformedObject) {
    appName = try reader.string("app_name")
    appVersion = try reader.string("app_version")
    applicationType = try reader.choice("application_type", ApplicationType.self)
    audience = try reader.string("audience")
    clientName = try reader.string("client_name")
    clientURI = try reader.optionalString("client_uri")
    mode = try reader.choice("mode", Mode.self)
    scope = try reader.scope("scope")
    tokenLifetime = try reader.integer("token_lifetime")
  }

  /// Writes the members that sort from `app_name` up to, not including, `client_id`.
  func writeFirst(to writer: inout JSONWriter) {
    writer.member("app_name", appName)
    writer.member("app_version", appVersion)
    writer.member("application_type", applicationType.rawValue)
    writer.member("audience", audience)
  }

  /// Writes `client_name` and `client_uri`.
  func writeNames(to writer: inout JSONWriter) {
    writer.member("client_name", clientName)
    writer.member("client_uri", optional: clientURI)
  }
}
