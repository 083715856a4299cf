package import Cryptography

/// The hash of a record: a leaf of an RFC 6962 tree (§2.1), SHA-256(0x00 ‖ bytes).
package func recordHash(_ bytes: [UInt8]) -> SHA256Digest {
  SHA256.hash([0x00].span, bytes.span)
}
