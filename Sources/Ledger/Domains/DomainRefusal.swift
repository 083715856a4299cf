/// Why no token is issued for a domain.
package enum DomainRefusal: String, Sendable, CaseIterable {
  /// The project has domains and the request names none.
  case unnamed
  /// The project does not have the domain.
  case unknown
  case inactive
  /// The domain may not authenticate.
  case authentication
  /// The client is of the other mode.
  case mode
  /// The request does not come from an address of the domain.
  case address

  /// What the client is told, of its own project alone.
  package var message: String {
    switch self {
    case .unnamed: "the request names none of the project's domains"
    case .unknown: "the project does not have this domain"
    case .inactive: "the domain is not active"
    case .authentication: "the domain may not authenticate"
    case .mode: "the client's mode is not that of the domain"
    case .address: "the request does not come from an address that the domain allows"
    }
  }
}
