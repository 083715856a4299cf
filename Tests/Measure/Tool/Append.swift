import CanonicalJSON
import Journal
import LMDB
import Ledger

extension Measure {
  /// Adds clients and tokens to a ledger, as fast as the sequencer takes them.
  ///
  /// - Parameter counts: clients, tokens, commands that wait.
  @available(*, noasync)
  static func fill(
    _ path: String, _ project: String, _ counts: [Int], scope: String?
  ) throws -> [JSON.Member] {
    let scope = try scope.map(Self.scope)
    let bench = try BenchLedger(path, project: project)
    var customers: [BenchLedger.Customer] = []
    for count in portions(of: counts[0]) { customers += try bench.addCustomers(count) }
    var batches = 0
    for count in portions(of: counts[1]) {
      batches += try bench.perform(
        bench.tokenCommands(count, customers, scope), waiting: counts[2]
      ).count
    }
    let head = bench.journal.head
    let last = try bench.journal.makeReader().event(at: head - 1)
    try bench.close()
    return [
      .init("batches", batches), .init("events", head), .init("last_event_bytes", last?.count ?? 0),
    ]
  }

  private static func scope(_ text: String) throws -> Scope {
    guard let scope = Scope(text) else { throw Misuse(what: "\(text) is no scope") }
    return scope
  }

  /// So many commands are in memory at a time.
  private static func portions(of count: Int) -> [Int] {
    stride(from: 0, to: count, by: 100_000).map { min(100_000, count - $0) }
  }

  /// Tokens through the sequencer beside the same bytes in the same batches through LMDB alone, in
  /// turns, so that both meet the same disk.
  ///
  /// - Parameter counts: as in `fill`.
  @available(*, noasync)
  static func append(
    _ path: String, _ project: String, _ counts: [Int], scratch: String
  ) throws -> [JSON.Member] {
    let bench = try BenchLedger(path, project: project)
    let customers = try bench.addCustomers(counts[0])
    let raw = try RawJournal(scratch)
    var (sequencer, lmdb): (Int64, Int64) = (0, 0)
    var (batches, bytes) = (0, 0)
    for _ in 0..<appendTurns {
      let start = bench.journal.head
      let commands = bench.tokenCommands(counts[1] / appendTurns, customers)
      var sizes: [Int] = []
      sequencer += try microseconds { sizes = try bench.perform(commands, waiting: counts[2]) }
      let events = try bench.journal.makeReader().events(
        from: start, limit: .max, maximumBytes: .max)
      lmdb += try microseconds { try raw.append(events, in: sizes) }
      batches += sizes.count
      bytes += events.reduce(0) { $0 + $1.count }
    }
    try bench.close()
    return [
      .init("batches", batches), .init("bytes", bytes),
      .init("events", counts[1] / appendTurns * appendTurns),
      .init("lmdb_microseconds", lmdb), .init("sequencer_microseconds", sequencer),
    ]
  }

  private static let appendTurns = 4
}

/// A journal without a ledger: keys, flags, reservation and synchronisation as in `LMDBJournal`.
private final class RawJournal {
  private let environment: Environment
  private let table: Table
  private var next: UInt64 = 0

  @available(*, noasync)
  init(_ path: String) throws {
    environment = try Environment.open(
      path, tables: 8, mapSize: LMDBJournal.mapSize, durability: .durable)
    table = try Table.open(["events"], in: environment)[0]
  }

  /// - Parameter sizes: of the batches, in order; together all events.
  @available(*, noasync)
  func append(_ events: [[UInt8]], in sizes: [Int]) throws {
    var rest = events[...]
    for size in sizes {
      try environment.reserve()
      let transaction = try environment.beginWrite()
      for event in rest.prefix(size) {
        try transaction.append(table, bigEndian(next).span, event.span)
        next += 1
      }
      try transaction.commit()
      rest = rest.dropFirst(size)
    }
  }
}

func bigEndian(_ position: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: position >> (56 - 8 * UInt64($0))) }
}
