import Cryptography
import Ledger

extension KeyActivated {
  /// Whether the coordinates are those of a point on the curve that the algorithm is for.
  var isOnCurve: Bool {
    guard algorithm == "ES256", let x = Base64URL.decode(x), let y = Base64URL.decode(y) else {
      return false
    }
    return (try? P256PublicKey(x: x, y: y)) != nil
  }
}
