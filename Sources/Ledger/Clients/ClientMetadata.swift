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

  /// No access token lives longer: seconds.
  package static let maximumTokenLifetime: Int64 = 86_400

  package internal(set) var appName: String
  package internal(set) var appVersion: String
  package internal(set) var applicationType: ApplicationType
  /// The `aud` of its tokens: who shall accept them (RFC 9068 §2.2).
  package internal(set) var audience: String
  package internal(set) var clientName: String
  package internal(set) var clientURI: String?
  package let mode: Mode
  /// Where a person may be sent back to, each compared as it is written (RFC 6749 §3.1.2).
  package internal(set) var redirectURIs: [String]
  /// Empty for a client that gets nothing but permissions, by its roles.
  package internal(set) var scope: Scope
  /// Lifetime of an access token in seconds.
  package internal(set) var tokenLifetime: Int64

  package init(
    clientName: String, applicationType: ApplicationType, appName: String, appVersion: String,
    clientURI: String?, redirectURIs: [String] = [], scope: Scope, audience: String, mode: Mode,
    tokenLifetime: Int64
  ) {
    self.appName = appName
    self.appVersion = appVersion
    self.applicationType = applicationType
    self.audience = audience
    self.clientName = clientName
    self.clientURI = clientURI
    self.mode = mode
    self.redirectURIs = redirectURIs
    self.scope = scope
    self.tokenLifetime = tokenLifetime
  }

  init(
    from reader: inout ObjectReader, hasRedirectURIs: Bool = true
  ) throws(MalformedObject) {
    appName = try reader.string("app_name")
    appVersion = try reader.string("app_version")
    applicationType = try reader.choice("application_type", ApplicationType.self)
    audience = try reader.string("audience")
    clientName = try reader.string("client_name")
    clientURI = try reader.optionalString("client_uri")
    mode = try reader.choice("mode", Mode.self)
    redirectURIs = hasRedirectURIs ? try reader.strings("redirect_uris") : []
    scope = try reader.optionalScope("scope") ?? Scope.none
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

  /// Writes the scope, if there is one.
  func writeScope(to writer: inout JSONWriter) {
    if !scope.isEmpty { writer.member("scope", scope.text) }
  }

  func named(_ name: String) -> ClientMetadata {
    var metadata = self
    metadata.clientName = name
    return metadata
  }

  /// Permissions that were listed in the scope, before there were roles, are no part of it.
  var withoutPermissions: ClientMetadata {
    var metadata = self
    metadata.scope = scope.withoutReserved
    return metadata
  }
}
