import CanonicalJSON
import Foundation
import Journal
import Ledger
import Projections
import Support
import Testing

@Suite("Lists")
struct ListTests {
  private static let scene = Result { try manyClients() }
  private var scene: Scene { get throws { try Self.scene.get() } }

  /// How lists are made: few things fetched and sorted, the order walked with checks, and walked
  /// among what the conditions' indexes gave.
  private static let efforts: [(few: Int, checks: Int)] = [(1_000, 1_000), (0, 1_000), (0, 0)]

  @Test("every way to make a list gives what a search of all records gives", arguments: 0..<3)
  func ways(_ way: Int) throws {
    var random = SeededGenerator(seed: 7)
    var effort = ListEffort()
    (effort.few, effort.checks) = Self.efforts[way]
    let records = try everything()
    for _ in 0..<150 {
      let (query, expected) = Self.question(&random, records)
      let size = Int.random(in: 1...20, using: &random)
      let skipped = Int.random(in: 0...30, using: &random)
      let part = try scene.read {
        try $0.list(query, ListWindow(.skip(skipped), size: size), effort: effort)
      }
      #expect(part.ids == Array(expected.dropFirst(skipped).prefix(size)))
      #expect(part.total == expected.count && part.isTotalExact)
      #expect(part.hasNext == (expected.count > skipped + size))
      #expect(part.hasPrevious == (skipped > 0 && !expected.isEmpty))
    }
  }

  @Test("parts follow each other forwards and backwards without gaps", arguments: 0..<3)
  func parts(_ way: Int) throws {
    var random = SeededGenerator(seed: 8)
    var effort = ListEffort()
    (effort.few, effort.checks) = Self.efforts[way]
    let records = try everything()
    for _ in 0..<30 {
      let (query, expected) = Self.question(&random, records)
      let size = Int.random(in: 1...20, using: &random)
      var part = try scene.read {
        try $0.list(query, ListWindow(.skip(0), size: size), effort: effort)
      }
      var parts = [part.ids]
      while part.hasNext {
        let place = try #require(part.rows.last).place
        part = try scene.read {
          try $0.list(query, ListWindow(.after(place), size: size), effort: effort)
        }
        #expect(part.hasPrevious && part.total == expected.count)
        parts.append(part.ids)
      }
      #expect(parts.flatMap(\.self) == expected)
      while part.hasPrevious, let place = part.rows.first?.place {
        parts.removeLast()
        part = try scene.read {
          try $0.list(query, ListWindow(.before(place), size: size), effort: effort)
        }
        #expect(part.ids == parts.last && part.hasNext)
      }
    }
  }

  @Test("a list as of a position is the list that stood then")
  func past() throws {
    let scene = try Scene()
    let query = ListQuery(.secrets)
    var lists: [Position: [[UInt8]]] = [:]
    func note() throws {
      let head = scene.journal.head - 1
      lists[head] = try scene.read {
        try $0.list(query, ListWindow(.skip(0), size: 99)).rows.map(\.record)
      }
    }
    try note()
    for number: UInt64 in 2...6 {
      _ = try scene.events(scene.perform(.addClient(scene.addClient(number))))
      try note()
      let rotation = try RotateSecret(
        client: id(.client, number), secret: scene.verifier(number + 100), fields: .object([]))
      _ = try scene.events(scene.perform(.rotateSecret(rotation)))
      try note()
    }
    for (position, records) in lists {
      let past = try scene.read(asOf: position) {
        try $0.list(query, ListWindow(.skip(0), size: 99)).rows.map(\.record)
      }
      #expect(past == records)
    }
  }

  // MARK: - What is asked, and what is right

  private struct Known {
    let id: Identifier
    let client: Client
  }

  private func everything() throws -> [Known] {
    try scene.read { try $0.clients(after: nil, limit: 1_000) }
      .map { Known(id: $0.id, client: $0) }
  }

  private static func question(
    _ random: inout SeededGenerator, _ records: [Known]
  ) -> (ListQuery, [Identifier]) {
    var conditions: [Condition] = []
    var kept = records
    func narrow(_ name: String, _ test: Condition.Test, _ fits: (Client) -> Bool) {
      let number = Listing.clients.column(name)!
      conditions.append(Condition(number, Listing.clients.columns[number], test))
      kept = kept.filter { fits($0.client) }
    }
    if Bool.random(using: &random) {
      let word = ["coreapi", "two"].randomElement(using: &random)!
      narrow("scope", .equals(Array(word.utf8))) { $0.metadata.scope.values.contains(word[...]) }
    }
    if Bool.random(using: &random) {
      narrow("application_type", .equals(Array("web".utf8))) { $0.metadata.applicationType == .web }
    }
    if Bool.random(using: &random) {
      narrow("client_name", .begins(Array("bé".utf8))) {
        $0.metadata.clientName.lowercased().hasPrefix("bé")
      }
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      narrow("client_name", .equals(Array("Bébé 12".utf8))) { $0.metadata.clientName == "Bébé 12" }
    }
    if Bool.random(using: &random) {
      narrow("client_name", .between(Array("b".utf8), Array("bébé 4".utf8))) {
        let name = Array($0.metadata.clientName.lowercased().utf8)
        return !name.lexicographicallyPrecedes("b".utf8)
          && name.lexicographicallyPrecedes("bébé 4".utf8)
      }
    }
    var text: [UInt8]?
    if Bool.random(using: &random) {
      let part = ["É", "2", "client", "x"].randomElement(using: &random)!
      text = folded(Array(part.utf8))
      kept = kept.filter {
        [$0.client.metadata.clientName, $0.client.clientID, $0.id.text, $0.client.metadata.appName]
          .contains { $0.lowercased().contains(part.lowercased()) }
      }
    }
    let isDescending = Bool.random(using: &random)
    let isByName = Bool.random(using: &random)
    let sorted = kept.sorted { left, right in
      let names = [left, right].map {
        isByName ? Array($0.client.metadata.clientName.lowercased().utf8) : []
      }
      if names[0] != names[1] { return names[0].lexicographicallyPrecedes(names[1]) }
      return left.id < right.id
    }.map(\.id)
    let query = ListQuery(
      .clients, conditions: conditions, text: text,
      sort: isByName ? Listing.clients.column("client_name")! : 0, isDescending: isDescending)
    return (query, isDescending ? sorted.reversed() : sorted)
  }

  private static func manyClients() throws -> Scene {
    let scene = try Scene()
    for number: UInt64 in 2...61 {
      let name = ["client \(number)", "Bébé \(number)", "bébÉ \(number)"][Int(number % 3)]
      _ = try scene.events(
        scene.perform(
          .addClient(
            scene.addClient(
              number, name: name, scope: Scope(number % 2 == 0 ? "coreapi" : "coreapi two")!,
              type: number % 5 == 0 ? .web : .service))))
    }
    return scene
  }
}

extension ListPart {
  fileprivate var ids: [Identifier] { rows.map { Identifier(.client, bytes: $0.key)! } }
}
