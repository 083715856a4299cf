import CSchemas
import HTTPServer

/// `GET /openapi.json`: every endpoint, what it takes and what it answers (OpenAPI 3.1).
extension Desk {
  func openAPI() -> Response { Self.published(Self.openAPIDocument) }

  /// The bytes of `Schemas/openapi.json`.
  private static let openAPIDocument: [UInt8] = unsafe Array(
    UnsafeBufferPointer(start: openapi_bytes(), count: openapi_size()))
}
