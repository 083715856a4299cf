import CanonicalJSON
import Cryptography
import HTTPServer
import JOSE
import Ledger
import Projections

/// What clients and resource servers need to know of this server.
extension Desk {
  /// `GET /.well-known/oauth-authorization-server` (RFC 8414).
  func metadata() -> Response {
    let methods = JSON.array([.string("client_secret_basic"), .string("client_secret_post")])
    let issuer = service.issuer
    let body = JSON.object([
      .init("grant_types_supported", .array([.string("client_credentials")])),
      .init("introspection_endpoint", .string(issuer + "/connect/introspect")),
      .init("introspection_endpoint_auth_methods_supported", methods),
      .init("issuer", .string(issuer)),
      .init("jwks_uri", .string(issuer + "/.well-known/jwks.json")),
      .init("response_types_supported", .array([])),
      .init("revocation_endpoint", .string(issuer + "/connect/revoke")),
      .init("revocation_endpoint_auth_methods_supported", methods),
      .init("scopes_supported", .array(Permission.allCases.map { .string($0.rawValue) })),
      .init("token_endpoint", .string(issuer + "/connect/token")),
      .init("token_endpoint_auth_methods_supported", methods),
    ])
    return Self.published(body.canonicalBytes())
  }

  /// `GET /.well-known/jwks.json` (RFC 7517 §5): every key that tokens may be signed with.
  func keySet() throws -> Response {
    let keys = try state.read { try $0.signingKeys() }
    return Self.published(
      JSONWebKeySet(keys: try keys.map(Self.webKey)).json.canonicalBytes())
  }

  private static func webKey(_ key: SigningKey) throws -> JSONWebKey {
    guard let x = Base64URL.decode(key.x), let y = Base64URL.decode(key.y) else {
      throw ServiceError(description: "the key \(key.id.text) cannot be read")
    }
    return JSONWebKey(publicKey: try P256PublicKey(x: x, y: y), keyID: key.id.text)
  }

  /// A JSON document for everybody, the same for a while.
  static func published(_ document: [UInt8]) -> Response {
    Response(
      status: 200,
      headers: [("Content-Type", "application/json"), ("Cache-Control", "public, max-age=60")],
      body: .bytes(document))
  }
}
