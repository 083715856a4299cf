package import Cryptography

/// The hash of a record: a leaf of an RFC 6962 tree (§2.1), SHA-256(0x00 ‖ bytes).
package func recordHash(_ bytes: [UInt8]) -> SHA256Digest {
  var hasher = SHA256Hasher()
  hasher.update([0x00])
  hasher.update(bytes)
  return hasher.finish()
}
