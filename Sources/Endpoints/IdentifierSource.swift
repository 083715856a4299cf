import Cryptography
import Foundation
package import Ledger

/// Makes identifiers from the clock and the system's random source; belongs to one thread.
package final class IdentifierSource {
  private var pool: [UInt8] = []

  package init() {}

  package func next(_ kind: Identifier.Kind) -> Identifier {
    let milliseconds = UInt64(Date().timeIntervalSince1970 * 1_000)
    return Identifier(kind, milliseconds: milliseconds, entropy: (word(), word()))
  }

  /// Eight random bytes of a pool that is refilled at once, because one call costs as much as many.
  private func word() -> UInt64 {
    if pool.isEmpty { pool = SecureRandom.bytes(4_096) }
    defer { pool.removeLast(8) }
    return pool.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
