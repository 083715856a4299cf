import CanonicalJSON
import Ledger
import Projections

extension Report {
  static let auditReads = Report(
    name: "audit_reads",
    description: "Who read the log, histories, reports and alerts, how often and when last.",
    parameters: [.days("How far back to look.", default: 90)],
    columns: ["client", "client_name", "what", "count", "first", "last"]
  ) { past, arguments, rows in
    var sums: [ReadKind: Sum] = [:]
    let start = past.daysAgo(arguments.days)
    try past.events(ofTypes: [AuditRead.type], since: start) { event in
      guard case .auditRead(let data) = event.body,
        case .client(let client, _, _) = event.actor
      else { return }
      sums[ReadKind(client: client, what: data.what), default: Sum(first: data.minute)].add(data)
    }
    try past.state.read(asOf: past.moment.position) { _ in
      for (kind, sum) in sums.sorted(by: { $0.key < $1.key }) {
        try rows([
          .string(kind.client.text), past.name(kind.client), .string(kind.what),
          .integer(sum.count), .string(Timestamp(seconds: sum.first).text),
          .string(Timestamp(seconds: sum.last).text),
        ])
      }
    }
  }
}

private struct ReadKind: Hashable, Comparable {
  let client: Identifier
  /// A path, with `{id}` for each identifier.
  let what: String

  static func < (left: ReadKind, right: ReadKind) -> Bool {
    left.client == right.client ? left.what < right.what : left.client < right.client
  }
}

private struct Sum {
  var count: Int64 = 0
  /// Epoch seconds at which the first and the last minute began.
  let first: Int64
  var last: Int64 = 0

  init(first: Int64) { self.first = first }

  mutating func add(_ read: AuditRead) {
    count += read.count
    last = read.minute
  }
}
