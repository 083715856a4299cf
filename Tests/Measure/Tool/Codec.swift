import CanonicalJSON
import Foundation
import Ledger

extension Measure {
  /// Writes the stored form of an event again and again.
  static func encode(_ path: String, _ count: Int) throws -> [JSON.Member] {
    let event = try Event(canonicalBytes: stored(path))
    var bytes = 0
    for _ in 0..<count { bytes += event.canonicalBytes().count }
    return [.init("bytes", bytes)]
  }

  /// Reads the stored form of an event again and again.
  static func parse(_ path: String, _ count: Int) throws -> [JSON.Member] {
    let bytes = try stored(path)
    var sum: UInt64 = 0
    for _ in 0..<count { sum += try Event(canonicalBytes: bytes).position }
    return [.init("positions", sum)]
  }

  private static func stored(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}
