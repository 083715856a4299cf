import COpenSSL

/// Owns an OpenSSL key. The key is complete when it gets here and is never changed afterwards, and
/// OpenSSL counts its references atomically: any number of threads may use it at once.
@safe final class EVPKey: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(owning pointer: OpaquePointer) {
    unsafe self.pointer = unsafe pointer
  }

  deinit {
    unsafe EVP_PKEY_free(pointer)
  }

  /// Lends the `EVP_PKEY` for the time of the call.
  func withPointer<Result, E: Error>(
    _ body: (OpaquePointer) throws(E) -> Result
  ) throws(E) -> Result {
    try unsafe body(pointer)
  }
}
