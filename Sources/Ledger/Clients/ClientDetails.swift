package import CanonicalJSON

/// Some of the fields that an edit can change; nil for those that it leaves alone.
package struct ClientDetails: CanonicalObject, Hashable {
  package var appName: String?
  package var appVersion: String?
  package var applicationType: ClientMetadata.ApplicationType?
  package var audience: String?
  package var clientURI: String?
  package var redirectURIs: [String]?
  package var scope: Scope?
  package var tokenLifetime: Int64?

  /// Nothing.
  init() {}

  /// The fields in which two registrations differ, with the values of the first.
  init(of metadata: ClientMetadata, whereUnlike other: ClientMetadata) {
    func value<Value: Equatable>(_ field: KeyPath<ClientMetadata, Value>) -> Value? {
      metadata[keyPath: field] == other[keyPath: field] ? nil : metadata[keyPath: field]
    }
    appName = value(\.appName)
    appVersion = value(\.appVersion)
    applicationType = value(\.applicationType)
    audience = value(\.audience)
    clientURI = value(\.clientURI) ?? nil
    redirectURIs = value(\.redirectURIs)
    scope = value(\.scope).flatMap { $0.isEmpty ? nil : $0 }
    tokenLifetime = value(\.tokenLifetime)
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    appName = try reader.optionalString("app_name")
    appVersion = try reader.optionalString("app_version")
    applicationType = try reader.optionalChoice(
      "application_type", ClientMetadata.ApplicationType.self)
    audience = try reader.optionalString("audience")
    clientURI = try reader.optionalString("client_uri")
    redirectURIs = try reader.optionalStrings("redirect_uris")
    scope = try reader.optionalScope("scope")
    tokenLifetime = try reader.optionalInteger("token_lifetime")
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("app_name", optional: appName)
    writer.member("app_version", optional: appVersion)
    writer.member("application_type", optional: applicationType?.rawValue)
    writer.member("audience", optional: audience)
    writer.member("client_uri", optional: clientURI)
    if let redirectURIs { writer.member("redirect_uris", redirectURIs) }
    writer.member("scope", optional: scope?.text)
    writer.member("token_lifetime", optional: tokenLifetime)
  }

  /// Which fields have a value, those left out that a client may be without.
  var required: [Bool] {
    [
      appName != nil, appVersion != nil, applicationType != nil, audience != nil,
      redirectURIs != nil, tokenLifetime != nil,
    ]
  }
}

extension ClientMetadata {
  /// With the values of an edit in the place of its own.
  ///
  /// - Parameter withoutURI: the edit takes the client's address away.
  func taking(_ new: ClientDetails, withoutURI: Bool) -> ClientMetadata {
    var metadata = self
    metadata.appName = new.appName ?? appName
    metadata.appVersion = new.appVersion ?? appVersion
    metadata.applicationType = new.applicationType ?? applicationType
    metadata.audience = new.audience ?? audience
    metadata.clientURI = new.clientURI ?? (withoutURI ? nil : clientURI)
    metadata.redirectURIs = new.redirectURIs ?? redirectURIs
    metadata.scope = new.scope ?? scope
    metadata.tokenLifetime = new.tokenLifetime ?? tokenLifetime
    return metadata
  }
}
