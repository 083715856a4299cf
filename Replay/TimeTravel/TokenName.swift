import CanonicalJSON
import Cryptography
package import JOSE
import Journal
package import Ledger

/// How somebody names a token.
package enum TokenName: Sendable {
  case id(Identifier)
  /// Where it was issued.
  case position(Position)
  /// The token itself, in JWS compact form.
  case token(JWS)

  /// An identifier or a position.
  package init?(_ text: String) {
    if let id = Identifier(text, .token) {
      self = .id(id)
    } else if let position = Position(text), String(position) == text {
      self = .position(position)
    } else {
      return nil
    }
  }

  /// The characters of a token; nil when they are none.
  package init?(compact text: String) {
    guard let jws = try? JWS.parse(text) else { return nil }
    self = .token(jws)
  }

  /// The token that is meant; nil when none of the first `head` events issued it. Whether the ledger
  /// signed what was shown is another question.
  func found(by reader: any JournalReader, head: Position) throws -> FoundToken? {
    switch self {
    case .id(let id): return try reader.tokenEvent(id, head: head).flatMap(FoundToken.init)
    case .position(let position): return try Self.token(at: position, reader, head)
    case .token(let jws):
      guard let claims = try? JSON.parse(jws.payload),
        let position = claims["ledger_position"]?.integer.flatMap({ Position(exactly: $0) }),
        let found = try Self.token(at: position, reader, head),
        claims["jti"]?.string == found.token.id.text
      else { return nil }
      return found
    }
  }

  private static func token(
    at position: Position, _ reader: any JournalReader, _ head: Position
  ) throws -> FoundToken? {
    guard position < head, let bytes = try reader.event(at: position) else { return nil }
    return FoundToken(try Event(canonicalBytes: bytes))
  }

  /// Whether what was shown, if a token was, carries a signature of a key of the ledger.
  func isSigned(_ state: PastState) throws -> Bool {
    guard case .token(let jws) = self else { return true }
    guard jws.type == "at+jwt", let id = jws.keyID.flatMap({ Identifier($0, .key) }),
      let key = state.keys[id]?.record, let x = Base64URL.decode(key.x),
      let y = Base64URL.decode(key.y)
    else { return false }
    return try jws.isSigned(by: P256PublicKey(x: x, y: y))
  }
}
