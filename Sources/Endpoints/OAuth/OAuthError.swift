import CanonicalJSON
import HTTPServer

/// An error of the token, introspection and revocation endpoints (RFC 6749 §5.2).
struct OAuthError: Error {
  let status: Int
  let code: String
  let description: String
  var headers: [(name: String, value: String)] = []

  var response: Response {
    let body = JSON.object([
      .init("error", .string(code)), .init("error_description", .string(description)),
    ])
    return Response(
      status: status,
      headers: [
        ("Content-Type", "application/json"), ("Cache-Control", "no-store"),
        ("Pragma", "no-cache"),
      ] + headers, body: .bytes(body.canonicalBytes()))
  }

  static func invalidRequest(_ description: String) -> OAuthError {
    OAuthError(status: 400, code: "invalid_request", description: description)
  }

  /// The same for a client that is not known, a wrong secret and one that has ended.
  static let invalidClient = OAuthError(
    status: 401, code: "invalid_client", description: "client authentication failed",
    headers: [("WWW-Authenticate", "Basic realm=\"tallystick\", charset=\"UTF-8\"")])

  static let invalidScope = OAuthError(
    status: 400, code: "invalid_scope",
    description: "the scope is malformed or exceeds what the client was given")

  static func unauthorizedClient(_ description: String) -> OAuthError {
    OAuthError(status: 400, code: "unauthorized_client", description: description)
  }

  static let unsupportedGrantType = OAuthError(
    status: 400, code: "unsupported_grant_type", description: "client_credentials is supported")

  /// The client and what it presents are not looked at before the seconds are over (RFC 6585 §4).
  static func tooManyAttempts(retryAfter seconds: Int) -> OAuthError {
    OAuthError(
      status: 429, code: "temporarily_unavailable",
      description: "too many attempts to authenticate failed; wait \(seconds) s",
      headers: [("Retry-After", String(seconds))])
  }

  static func temporarilyUnavailable(_ description: String, retryAfter: Int?) -> OAuthError {
    OAuthError(
      status: 503, code: "temporarily_unavailable", description: description,
      headers: retryAfter.map { [("Retry-After", String($0))] } ?? [])
  }
}
