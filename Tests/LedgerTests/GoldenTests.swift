import CanonicalJSON
import Foundation
import Ledger
import Testing

@Suite("Golden events")
struct GoldenTests {
  static let types: [any EventData.Type] = [
    LedgerCreated.self, LedgerContinued.self, KeyActivated.self, PlanDefined.self,
    AccountOpened.self,
    AccountRenamed.self, AccountSuspended.self, AccountResumed.self, AccountClosed.self,
    PlanActivated.self, PlanRevised.self, ProjectCreated.self, ProjectEdited.self,
    ProjectDeleted.self, ScopeDefined.self, ScopeEdited.self, ScopeRemoved.self, DomainAdded.self,
    DomainChanged.self, DomainRemoved.self, ClientAdded.self,
    ClientRenamed.self, ClientEdited.self, ClientOwnerChanged.self, ClientDisabled.self,
    ClientEnabled.self, ClientRevoked.self, ClientDeleted.self, SecretRotated.self,
    SecretRevoked.self, BillingCharged.self, RoleDefined.self, RoleRevised.self, RoleRemoved.self,
    RoleGranted.self, RoleWithdrawn.self, TokenIssued.self, TokenRevoked.self,
    AuthenticationDenied.self, AuditRead.self,
    AlertRaised.self, PolicyRevised.self,
  ]

  @Test("are read and written back to the same bytes", arguments: try Golden.all())
  func roundTrip(_ golden: Golden) throws {
    let event = try Event(canonicalBytes: golden.bytes)
    #expect(event.canonicalBytes() == golden.bytes)
    let data = event.body.data
    #expect(golden.name.hasPrefix("\(type(of: data).type).\(data.revision)."))
    #expect(golden.bytes.count <= Event.maximumSize)
  }

  @Test("exist for every type, and a schema with them")
  func everyType() throws {
    let known = Set(Self.types.map { "\($0.type)" })
    #expect(known.count == Self.types.count)
    #expect(Set(try Golden.all().map(\.type)) == known)
    for data in Self.types {
      for revision in 1...data.revision {
        _ = try Golden.bytes("events/\(data.type).\(revision).schema.json")
        _ = try Golden.bytes("golden/\(data.type).\(revision).json")
      }
    }
  }

  /// The event that a ledger holds most of.
  @Test("token.issued is small")
  func tokenIssuedSize() throws {
    #expect(try Golden.named("token.issued.2.json").bytes.count <= 380)
  }

  @Test("token.issued says what it says")
  func tokenIssued() throws {
    let event = try Event(canonicalBytes: Golden.named("token.issued.1.json").bytes)
    guard case .tokenIssued(let data) = event.body,
      case .client(let client, let address, _) = event.actor
    else { throw Mismatch() }
    #expect(data.audience == "https://api.example")
    #expect(data.scope.text == "coreapi")
    #expect(data.mode == .live)
    #expect(data.expires == event.recorded.seconds + 3_600)
    #expect(data.key.kind == .key && data.secret.kind == .secret)
    #expect(client.kind == .client && address == "203.0.113.7")
    #expect(event.position == 17)
    #expect(event.recorded.microseconds == 1_795_238_160_123_456)
    #expect(IssuedToken(event)?.client == client)
  }

  @Test("the actor says which token it showed, issued before")
  func token() throws {
    let golden = try Golden.named("project.created.1.by-token.json")
    let event = try Event(canonicalBytes: golden.bytes)
    #expect(event.actor.token == 9)
    #expect(
      try Event(canonicalBytes: Golden.named("project.created.1.json").bytes).actor.token == nil)
    for later: Int64 in [11, 12] {
      let place = Place(steps: [.name("actor"), .name("token")])
      let changed = try #require(golden.tree.replacing(place, with: .integer(later)))
      #expect(throws: MalformedObject.self) { try Event(canonicalBytes: changed.canonicalBytes()) }
    }
  }

  @Test("billing.charged says what it says")
  func billingCharged() throws {
    let event = try Event(canonicalBytes: Golden.named("billing.charged.1.reversal.json").bytes)
    let charge = try Event(canonicalBytes: Golden.named("billing.charged.1.json").bytes)
    guard case .billingCharged(let data) = event.body else { throw Mismatch() }
    #expect(data.total == Money(-1_250, try #require(Currency("USD"))))
    #expect(data.price == 1_250 && data.quantity == -1)
    #expect(data.reverses == charge.subject)
    #expect(event.cause == charge.position)
    #expect(event.reason == "charged in error")
    #expect(charge.part == Event.Part(index: 1, count: 2))
  }
}

@Suite("Events that are refused")
struct RefusedEventTests {
  /// Members that an event may do without.
  private static func isOptional(_ place: Place, _ golden: Golden) -> Bool {
    switch place.description {
    case "actor.token", "cause", "part", "reason", "request": true
    case let name where golden.type == DomainChanged.type && name.hasPrefix("data."):
      name.split(separator: ".").count == 3
    case "data.client_uri", "data.reverses": true
    case "data.after.client_uri", "data.before.client_uri": true
    case "data.description": [ProjectCreated.type, RoleDefined.type].contains(golden.type)
    case "data.before": golden.type == PlanActivated.type
    case "data.before.description", "data.after.description":
      golden.name == "project.edited.1.json" || golden.type == RoleRevised.type
    case "data.grounds": golden.type == SecretRevoked.type
    case "data.account", "data.project": golden.type == RoleGranted.type
    case "data.before.scope": true
    case "data.scope": golden.name.hasPrefix("client.added.2.")
    case "data.mode": golden.type == TokenIssued.type
    case "data.spared": true
    case "data.domain": golden.type == TokenIssued.type
    case "data.network": golden.type == TokenIssued.type
    default: false
    }
  }

  @Test("a member is missing", arguments: try Golden.all())
  func removedMember(_ golden: Golden) throws {
    let tree = try golden.tree
    for (place, _) in tree.everything() where place.isMember {
      let bytes = try #require(tree.replacing(place, with: nil)).canonicalBytes()
      if Self.isOptional(place, golden) {
        #expect(try Event(canonicalBytes: bytes).canonicalBytes() == bytes, "\(place)")
      } else {
        #expect(throws: MalformedObject.self, "\(place)") { try Event(canonicalBytes: bytes) }
      }
    }
  }

  @Test("a member does not belong there", arguments: try Golden.all())
  func addedMember(_ golden: Golden) throws {
    let tree = try golden.tree
    for (place, value) in tree.everything() where value.members != nil {
      for name in ["", "additional", "Type", "zz"] {
        try Self.expectRefusal(of: tree, place.appending(.name(name)), .string("text"))
      }
    }
  }

  @Test("a value is of another type", arguments: try Golden.all())
  func otherType(_ golden: Golden) throws {
    let tree = try golden.tree
    let others: [JSON] = [
      .null, .bool(true), .integer(1), .string("text"), .array([]), .object([]),
    ]
    for (place, value) in tree.everything() {
      for other in others where !other.isOfType(of: value) {
        try Self.expectRefusal(of: tree, place, other)
      }
    }
  }

  @Test("the subject is of another kind", arguments: try Golden.all())
  func otherSubject(_ golden: Golden) throws {
    let tree = try golden.tree
    let subject = try #require(tree["subject"]?.string.flatMap { Identifier($0) })
    for kind in Identifier.Kind.allCases where kind != subject.kind {
      let other = try #require(Identifier(kind, bytes: subject.bytes))
      try Self.expectRefusal(
        of: tree, Place(steps: [.name("subject")]), .string(other.text))
    }
  }

  @Test("type or revision is not known", arguments: try Golden.all())
  func otherRevision(_ golden: Golden) throws {
    let tree = try golden.tree
    let newest = try #require(GoldenTests.types.first { $0.type == golden.type }).revision
    for revision: Int64 in [-1, 0, newest + 1, newest + 2] {
      try Self.expectRefusal(of: tree, Place(steps: [.name("revision")]), .integer(revision))
    }
    for type in ["", "token.minted", "\(golden.type).1", golden.type.uppercased()] {
      try Self.expectRefusal(of: tree, Place(steps: [.name("type")]), .string(type))
    }
  }

  @Test(
    "a part is not below its count", arguments: [[2, 2], [3, 2], [0, 0], [0, 1]] as [[Int64]])
  func part(_ part: [Int64]) throws {
    try Self.expectRefusal(
      of: Golden.named("account.opened.1.json").tree, Place(steps: [.name("part")]),
      .array(part.map { .integer($0) }))
  }

  /// The schemas refuse the same list.
  @Test("the schema refuses a value", arguments: try RefusedValue.all())
  func refusedValue(_ refused: RefusedValue) throws {
    try Self.expectRefusal(
      of: Golden.named(refused.golden).tree, refused.place, refused.value)
  }

  @Test(
    "a position is no integer that every reader keeps",
    arguments: ["9007199254740992", "-1", "17.0", "1.7e1", "017", "\"17\""])
  func position(_ text: String) throws {
    let golden = String(decoding: try Golden.named("token.issued.1.json").bytes, as: UTF8.self)
    let changed = golden.replacing("\"position\":17", with: "\"position\":\(text)")
    #expect(changed != golden)
    #expect(throws: (any Error).self) { try Event(canonicalBytes: Array(changed.utf8)) }
  }

  @Test("the bytes end early", arguments: try Golden.all())
  func truncated(_ golden: Golden) {
    for count in 0..<golden.bytes.count {
      #expect(throws: JSONError.self) { try Event(canonicalBytes: Array(golden.bytes[..<count])) }
    }
  }

  private static func expectRefusal(of tree: JSON, _ place: Place, _ value: JSON) throws {
    let changed = try #require(tree.replacing(place, with: value))
    #expect(changed != tree)
    #expect(throws: MalformedObject.self, "\(place)") {
      try Event(canonicalBytes: changed.canonicalBytes())
    }
  }
}

/// A value that neither the decoder nor the schema takes at some place of a golden event.
struct RefusedValue: Sendable, CustomTestStringConvertible {
  let golden: String
  let place: Place
  let value: JSON

  static func all() throws -> [RefusedValue] {
    try (JSON.parse(Golden.bytes("refused.json")).array ?? []).map { item in
      RefusedValue(
        golden: try #require(item["golden"]?.string),
        place: try #require(item["at"].flatMap(Place.init)),
        value: try #require(item["value"]))
    }
  }

  var testDescription: String {
    "\(golden) \(place) \(String(decoding: value.canonicalBytes(), as: UTF8.self))"
  }
}

extension JSON {
  fileprivate func isOfType(of other: JSON) -> Bool {
    switch (self, other) {
    case (.null, .null), (.bool, .bool), (.integer, .integer), (.string, .string),
      (.array, .array), (.object, .object):
      true
    default: false
    }
  }
}
