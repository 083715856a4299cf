import Ledger

/// Denials of each minute, alike ones counted together: 256 kinds a minute at most, and one more
/// for the rest.
struct DenialSums {
  static let limit = 256

  /// What alike denials have in common.
  struct Kind: Hashable {
    let cause: AuthenticationDenied.Cause
    let client: Identifier?
    let secret: Identifier?
    let source: String
  }

  private struct Minute {
    var counts: [Kind: Int64] = [:]
    var others: Int64 = 0

    mutating func add(_ kind: Kind, limit: Int) {
      if counts[kind] == nil, counts.count >= limit {
        others += 1
      } else {
        counts[kind, default: 0] += 1
      }
    }
  }

  private var minutes: [Int64: Minute] = [:]

  var isEmpty: Bool { minutes.isEmpty }

  /// - Parameter limit: of kinds in the minute.
  mutating func add(_ kind: Kind, in minute: Int64, limit: Int = Self.limit) {
    minutes[minute, default: Minute()].add(kind, limit: limit)
  }

  mutating func addOthers(_ count: Int64, in minute: Int64) {
    minutes[minute, default: Minute()].others += count
  }

  /// The sums of every minute that began before a second, in order; they are forgotten here.
  mutating func take(before second: Int64) -> [[RecordDenials.Sum]] {
    let ended = minutes.keys.filter { $0 < second }.sorted()
    return ended.map { Self.sums(minutes.removeValue(forKey: $0)!, $0) }
  }

  private static func sums(_ minute: Minute, _ second: Int64) -> [RecordDenials.Sum] {
    var sums = minute.counts.map { kind, count in
      RecordDenials.Sum(
        kind.cause, of: kind.client, secret: kind.secret, from: kind.source, count: count,
        minute: second)
    }
    if minute.others > 0 {
      sums.append(RecordDenials.Sum(.others, count: minute.others, minute: second))
    }
    return sums
  }
}
