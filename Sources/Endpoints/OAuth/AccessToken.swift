import CanonicalJSON
import Cryptography
import JOSE
import Ledger
import Projections

/// The holder's half of a token: a JWT access token (RFC 9068), made from the recorded event.
extension Desk {
  /// - Parameter clientID: the client's id on the wire.
  func accessToken(_ token: IssuedToken, clientID: String) throws -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writer.member("aud", token.data.audience)
    writer.member("client_id", clientID)
    if let domain = token.data.domain { writer.member("domain", domain.text) }
    writer.member("exp", token.data.expires)
    writer.member("iat", token.issued.seconds)
    writer.member("iss", issuer)
    writer.member("jti", token.id)
    writer.member("ledger_position", Int64(token.position))
    if token.data.mode == .test { writer.member("mode", token.data.mode.rawValue) }
    writer.member("scope", token.data.scope.text)
    writer.member("sub", clientID)
    writer.endObject()
    return try signer(token.data.key).sign(payload: writer.bytes)
  }

  /// The token that a string of characters is, if this ledger signed it and it is good now.
  /// Only inside `state.read`.
  func activeToken(_ compact: String) throws -> IssuedToken? {
    guard let token = try recordedToken(compact), try token.isActive(in: state, at: now) else {
      return nil
    }
    return token
  }

  /// The token that a string of characters is, if this ledger signed it; good or not.
  /// Only inside `state.read`.
  func recordedToken(_ compact: String) throws -> IssuedToken? {
    let hash = SHA256.hash(compact.utf8.span)
    if let known = verified[hash] { return known }
    guard let reference = try verify(compact),
      let token = try state.issuedToken(reference.id, at: reference.position)
    else { return nil }
    verified.insert(token, hash)
    return token
  }

  /// Checks the signature with the key that the log names.
  private func verify(_ compact: String) throws -> TokenReference? {
    guard let jws = try? JWS.parse(compact), jws.type == "at+jwt",
      let key = try publicKey(jws.keyID), jws.isSigned(by: key),
      let claims = try? JSON.parse(jws.payload),
      let id = claims["jti"]?.string.flatMap({ Identifier($0, .token) }),
      let position = claims["ledger_position"]?.integer, position >= 0
    else { return nil }
    return TokenReference(id: id, position: Position(position))
  }

  private func publicKey(_ keyID: String?) throws -> P256PublicKey? {
    guard let id = keyID.flatMap({ Identifier($0, .key) }) else { return nil }
    if let known = publicKeys[id] { return known }
    guard let key = try state.key(id), let x = Base64URL.decode(key.x),
      let y = Base64URL.decode(key.y)
    else { return nil }
    let publicKey = try P256PublicKey(x: x, y: y)
    publicKeys[id] = publicKey
    return publicKey
  }
}

/// What a verified token says of itself that leads to its event.
struct TokenReference {
  let id: Identifier
  let position: Position
}

/// Tokens whose signature was checked, by the hash of their characters, with what the log says of
/// them, which never changes. Whether a token is good is never remembered. Belongs to one thread;
/// bounded.
final class VerifiedTokens {
  private static let capacity = 32_768
  private var current: [SHA256Digest: IssuedToken] = [:]
  private var previous: [SHA256Digest: IssuedToken] = [:]

  subscript(hash: SHA256Digest) -> IssuedToken? { current[hash] ?? previous[hash] }

  /// Full, the older half is forgotten.
  func insert(_ token: IssuedToken, _ hash: SHA256Digest) {
    if current.count >= Self.capacity / 2 {
      previous = current
      current = [:]
    }
    current[hash] = token
  }
}
