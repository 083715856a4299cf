import CanonicalJSON
import Credentials

/// The secret that a request gives a client: chosen in its body, or generated and then shown, once.
struct NewSecret {
  let value: ClientSecret
  private let isChosen: Bool

  /// - Parameter body: `client_secret` in it is taken whatever its form; the rules see to that.
  init(_ body: JSON, isTest: Bool) {
    let chosen = body["client_secret"]?.string
    isChosen = chosen != nil
    value = chosen.map(ClientSecret.init(presented:)) ?? .generate(isTest: isTest)
  }

  /// What its owner does not know yet.
  var shown: ClientSecret? { isChosen ? nil : value }
}
