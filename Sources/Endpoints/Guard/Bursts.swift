import Ledger

/// Attempts that may be guesses, counted for each client and minute, until they are told of.
struct Bursts {
  struct Burst: Hashable {
    let client: Identifier
    let minute: Int64
    var count: Int64
  }

  private var counts: [Int64: [Identifier: Int64]] = [:]
  private var told: [Int64: Set<Identifier>] = [:]

  mutating func add(_ client: Identifier, in minute: Int64) {
    counts[minute, default: [:]][client, default: 0] += 1
  }

  /// Those that have reached the threshold, each once.
  mutating func take(from threshold: Int64) -> [Burst] {
    let bursts = counts.flatMap { minute, clients in
      clients.filter { $0.value >= threshold }
        .map { Burst(client: $0.key, minute: minute, count: $0.value) }
    }
    return bursts.filter { told[$0.minute, default: []].insert($0.client).inserted }
  }

  /// Forgets the minutes that began before a second.
  mutating func forget(before second: Int64) {
    counts = counts.filter { $0.key >= second }
    told = told.filter { $0.key >= second }
  }
}
