import HTTPServer

extension Desk {
  /// The form of a request to an OAuth endpoint.
  func oauthForm(_ request: Request) throws(OAuthError) -> FormParameters {
    guard request.hasMediaType("application/x-www-form-urlencoded") else {
      throw .invalidRequest("Content-Type must be application/x-www-form-urlencoded")
    }
    guard let form = FormParameters(request.body) else {
      throw .invalidRequest("the body is no form, or has a parameter twice, or more than 64")
    }
    return form
  }
}
