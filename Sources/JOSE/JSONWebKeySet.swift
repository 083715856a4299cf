package import CanonicalJSON

/// The keys that verify a server's tokens (RFC 7517 §5).
package struct JSONWebKeySet: Sendable, Equatable {
  package let keys: [JSONWebKey]

  package init(keys: [JSONWebKey]) {
    self.keys = keys
  }

  /// `{"keys":[…]}`, in the order of `keys`.
  package var json: JSON { .object([.init("keys", .array(keys.map(\.json)))]) }
}
