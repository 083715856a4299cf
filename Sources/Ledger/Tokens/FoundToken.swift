/// A token and where it was asked for from.
package struct FoundToken: Sendable {
  package let token: IssuedToken
  package let address: String

  /// Nil unless the event issued a token.
  package init?(_ event: Event) {
    guard let token = IssuedToken(event), case .client(_, let address, _) = event.actor else {
      return nil
    }
    self.token = token
    self.address = address
  }
}
