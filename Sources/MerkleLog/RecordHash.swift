package import Cryptography

/// The hash of a record: a leaf of an RFC 6962 tree (§2.1), SHA-256(0x00 ‖ bytes).
package func recordHash(_ bytes: Span<UInt8>) -> SHA256Digest {
  let prefix: InlineArray<1, UInt8> = [0x00]
  return SHA256.hash(prefix.span, bytes)
}

package func recordHash(_ bytes: [UInt8]) -> SHA256Digest { recordHash(bytes.span) }

/// The hash of an inner node of an RFC 6962 tree (§2.1), SHA-256(0x01 ‖ left ‖ right).
package func nodeHash(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
  let node = InlineArray<65, UInt8> { output in
    output.append(0x01)
    left.withSpan { for index in $0.indices { output.append($0[index]) } }
    right.withSpan { for index in $0.indices { output.append($0[index]) } }
  }
  return SHA256.hash(node.span)
}

/// The hash of a complete subtree.
///
/// - Parameter hashes: those of its nodes at one level, from left to right; a power of two of them.
package func subtreeHash(_ hashes: ArraySlice<SHA256Digest>) -> SHA256Digest {
  var level = Array(hashes)
  while level.count > 1 {
    for pair in 0..<level.count / 2 {
      level[pair] = nodeHash(level[2 * pair], level[2 * pair + 1])
    }
    level.removeLast(level.count / 2)
  }
  return level[0]
}
