import COpenSSL
import Glibc

/// SHA-256 (FIPS 180-4).
///
/// Nothing here throws: the algorithm takes every input, and a program whose OpenSSL lacks SHA-256
/// or has no memory for a context cannot go on; it stops with a sentence.
package enum SHA256 {
  package static func hash(_ bytes: Span<UInt8>) -> SHA256Digest {
    let context = unsafe threadContext()
    unsafe SHA256Algorithm.update(context, bytes)
    return unsafe SHA256Algorithm.finishAndReset(context)
  }

  package static func hash(_ bytes: [UInt8]) -> SHA256Digest { hash(bytes.span) }

  /// The hash of two byte strings, one behind the other.
  package static func hash(_ first: Span<UInt8>, _ second: Span<UInt8>) -> SHA256Digest {
    let context = unsafe threadContext()
    unsafe SHA256Algorithm.update(context, first)
    unsafe SHA256Algorithm.update(context, second)
    return unsafe SHA256Algorithm.finishAndReset(context)
  }

  /// A context that belongs to the calling thread and is freed when the thread ends. It is in its
  /// initial state between calls.
  private static func threadContext() -> OpaquePointer {
    if let context = unsafe pthread_getspecific(threadKey) { return OpaquePointer(context) }
    let context = unsafe SHA256Algorithm.makeContext()
    let status = unsafe pthread_setspecific(threadKey, UnsafeRawPointer(context))
    precondition(status == 0, "no memory for a thread's SHA-256 context")
    return unsafe context
  }

  private static let threadKey: pthread_key_t = {
    var key = pthread_key_t()
    let status = unsafe pthread_key_create(&key) { context in
      unsafe EVP_MD_CTX_free(OpaquePointer(context))
    }
    precondition(status == 0, "the process has no thread-specific key left")
    return key
  }()
}

/// SHA-256 over bytes that come in pieces. Keep one for a loop: `finishAndReset` makes it new.
@safe package struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  package init() {
    unsafe context = SHA256Algorithm.makeContext()
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe SHA256Algorithm.update(context, bytes)
  }

  package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  package consuming func finish() -> SHA256Digest { finishAndReset() }

  /// The digest of everything since the beginning or the last reset; what follows is hashed anew.
  package mutating func finishAndReset() -> SHA256Digest {
    unsafe SHA256Algorithm.finishAndReset(context)
  }
}

/// OpenSSL's implementation, fetched once, and the steps that both ways of hashing share.
private enum SHA256Algorithm {
  /// Never freed and never changed, so every thread may use it.
  private nonisolated(unsafe) static let digest: OpaquePointer = {
    guard let digest = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
      fatalError("this OpenSSL has no SHA-256")
    }
    return unsafe digest
  }()

  static func makeContext() -> OpaquePointer {
    guard let context = unsafe EVP_MD_CTX_new() else {
      fatalError("no memory for a SHA-256 context")
    }
    let status = unsafe EVP_DigestInit_ex2(context, digest, nil)
    precondition(status == 1, "OpenSSL cannot begin a SHA-256")
    return unsafe context
  }

  static func update(_ context: OpaquePointer, _ bytes: Span<UInt8>) {
    let status = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
    precondition(status == 1, "OpenSSL cannot go on with a SHA-256")
  }

  static func finishAndReset(_ context: OpaquePointer) -> SHA256Digest {
    unsafe SHA256Digest { output in
      let finished = unsafe EVP_DigestFinal_ex(context, output, nil)
      let begun = unsafe EVP_DigestInit_ex2(context, nil, nil)
      precondition(finished == 1 && begun == 1, "OpenSSL cannot finish a SHA-256")
    }
  }
}
