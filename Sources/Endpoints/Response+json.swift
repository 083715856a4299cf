import CanonicalJSON
import HTTPServer

extension Response {
  /// A JSON document that nobody may keep (RFC 9111 §5.2.2.5).
  static func json(_ bytes: [UInt8], status: Int = 200) -> Response {
    Response(
      status: status,
      headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
      body: .bytes(bytes))
  }

  static func json(_ body: JSON, status: Int = 200) -> Response {
    json(body.canonicalBytes(), status: status)
  }
}
