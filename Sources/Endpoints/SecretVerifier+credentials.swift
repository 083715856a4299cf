package import Credentials
import Cryptography
package import Ledger

extension SecretVerifier {
  /// What may be recorded of a secret that belongs to a client.
  package init(_ secret: ClientSecret, id: Identifier, client: Identifier, _ pepper: Pepper) {
    self.init(
      id: id, lastFour: secret.lastFour, pepper: pepper.id,
      verifier: Base64URL.encode(secret.verifier(pepper: pepper, client: client.ascii).bytes))
  }
}
