/// 32 bytes that SHA-256 or HMAC-SHA-256 gave; kept without heap memory.
///
/// `==` is not constant-time: compare what depends on a secret with `constantTimeEquals`.
package struct SHA256Digest: Sendable {
  package static let count = 32

  private var storage: InlineArray<32, UInt8>

  /// Nil unless there are exactly 32 bytes.
  package init?(bytes: Span<UInt8>) {
    guard bytes.count == Self.count else { return nil }
    storage = InlineArray { bytes[$0] }
  }

  package init?(bytes: [UInt8]) {
    self.init(bytes: bytes.span)
  }

  /// A digest whose bytes the closure writes, all 32 of them, at the address it is given.
  init<E: Error>(writtenBy write: (UnsafeMutablePointer<UInt8>) throws(E) -> Void) throws(E) {
    storage = InlineArray(repeating: 0)
    var span = storage.mutableSpan
    try unsafe span.withUnsafeMutableBufferPointer { (buffer) throws(E) in
      try unsafe write(buffer.baseAddress!)
    }
  }

  package var bytes: [UInt8] { withSpan { span in span.indices.map { span[$0] } } }

  /// Lends the 32 bytes for the time of the call.
  package func withSpan<Result, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> Result
  ) throws(E) -> Result {
    try body(storage.span)
  }

  package func append(to bytes: inout [UInt8]) {
    withSpan { span in
      unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }
  }
}

extension SHA256Digest: Hashable {
  package static func == (left: Self, right: Self) -> Bool {
    left.storage.indices.allSatisfy { left.storage[$0] == right.storage[$0] }
  }

  package func hash(into hasher: inout Hasher) {
    withSpan { span in
      unsafe span.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
  }
}
