import CanonicalJSON
import Cryptography
import JOSE

/// The token of RFC 7515 A.3.1 and the key that signed it.
private let published = Array(
  ("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
    + "LmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISl"
    + "SApmWQxfKTUJqPP3-Kg6NU1Q").utf8)
private let key = try! P256PublicKey(
  x: Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")!,
  y: Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")!)

/// A token is three parts that decode in one way only, asks for ES256 and nothing else, and is
/// signed only if it is the published one.
@Sendable func checkJWS(_ input: [UInt8]) {
  checkToken(input)
  checkHeader(input)
}

private func checkToken(_ compact: [UInt8]) {
  guard let token = try? JWS.parse(compact) else { return }
  promise(compact.count <= JWS.maximumCount, "a token has a maximum")
  let parts = compact.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  promise(parts.count == 3, "a token has three parts")
  let decoded = parts.map { Base64URL.decode(String(decoding: $0, as: UTF8.self)) ?? [] }
  promise(
    Array(decoded.map { Array(Base64URL.encode($0).utf8) }.joined(separator: [0x2E])) == compact,
    "a token has one spelling")
  promise(decoded[1] == token.payload && decoded[2].count == 64, "payload and signature")
  let isPublished = compact.dropLast(86) == published.dropLast(86)
  promise(isPublished || !token.isSigned(by: key), "nothing else is signed")
  promise(compact != published || token.isSigned(by: key), "the published token is signed")
}

/// The input as the header of a token that is otherwise well formed.
private func checkHeader(_ header: [UInt8]) {
  let parts = [header, [], [UInt8](repeating: 1, count: 64)].map(Base64URL.encode)
  let token = try? JWS.parse(parts.joined(separator: "."))
  guard let token else { return }
  guard let json = try? JSON.parse(header) else { return promise(false, "the header is JSON") }
  promise(json["alg"] == .string("ES256") && json["crit"] == nil, "ES256 and nothing else")
  promise(json["typ"] == token.type.map(JSON.string), "the type")
  promise(json["kid"] == token.keyID.map(JSON.string), "the key's name")
}
