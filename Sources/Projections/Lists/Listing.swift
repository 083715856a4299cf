import CanonicalJSON
import LMDB
package import Ledger

/// A kind of things that can be listed, with its columns. The first column tells them apart.
package struct Listing: Sendable {
  /// What stands for the kind in the keys of the index.
  package let code: UInt8
  package let kind: Identifier.Kind
  package let columns: [Column]
  /// The column that is sorted by where nothing was asked, with `-` before it for the other direction.
  package let order: String

  private init(
    _ code: UInt8, _ kind: Identifier.Kind, _ columns: [Column], order: String = "id"
  ) {
    self.code = code
    self.kind = kind
    self.columns = columns
    self.order = order
  }

  package static let accounts = Listing(
    1, .account,
    [
      Column("id", .identifier(.account), isSearched: true),
      Column("name", .text, isSearched: true),
      Column("status", .choice(["active", "suspended"])),
      Column("currency", .text),
      Column("plan", .identifier(.plan)),
      Column("created", .time),
    ])

  package static let plans = Listing(
    2, .plan,
    [
      Column("id", .identifier(.plan), isSearched: true),
      Column("name", .text, isSearched: true),
      Column("plan_revision", .integer),
      Column("created", .time),
    ])

  package static let projects = Listing(
    3, .project,
    [
      Column("id", .identifier(.project), isSearched: true),
      Column("name", .text, isSearched: true),
      Column("account", .identifier(.account)),
      Column("description", .text, isSearched: true),
      Column("created", .time),
    ])

  package static let clients = Listing(
    4, .client,
    [
      Column("id", .identifier(.client), isSearched: true),
      Column("client_id", .text, isSearched: true),
      Column("client_name", .text, isSearched: true),
      Column("app_name", .text, isSearched: true),
      Column("app_version", .text),
      Column("status", .choice(["active", "disabled", "revoked"])),
      Column("application_type", .choice(ClientMetadata.ApplicationType.allCases.map(\.rawValue))),
      Column("account", .identifier(.account)),
      Column("project", .identifier(.project)),
      Column("owner", .identifier(.client)),
      Column("scope", .words),
      Column("audience", .text),
      Column("client_uri", .text),
      Column("redirect_uris", .words),
      Column("mode", .choice(ClientMetadata.Mode.allCases.map(\.rawValue))),
      Column("token_lifetime", .integer),
      Column("created", .time),
    ])

  package static let secrets = Listing(
    5, .secret,
    [
      Column("id", .identifier(.secret), isSearched: true, path: ["verifier", "id"]),
      Column("client", .identifier(.client)),
      Column("last_four", .text, path: ["verifier", "last_four"]),
      Column("expires", .integer),
      Column("revoked", .time),
      Column("created", .time),
    ])

  package static let charges = Listing(
    6, .charge,
    [
      Column("id", .identifier(.charge), isSearched: true),
      Column("account", .identifier(.account)),
      Column("period", .text),
      Column("plan", .identifier(.plan)),
      Column("plan_revision", .integer),
      Column("item", .choice(Rate.Item.allCases.map(\.rawValue))),
      Column("pays_for", .identifier(.client)),
      Column("price", .integer),
      Column("quantity", .integer),
      Column("amount", .integer),
      Column("currency", .text),
      Column("recorded", .time),
    ])

  /// Few things, without an index: the built-in ones too, which have no time and come first.
  package static let roles = Listing(
    7, .role,
    [
      Column("id", .text, isSearched: true),
      Column("name", .text, isSearched: true),
      Column("description", .text, isSearched: true),
      Column("permissions", .words),
      Column("created", .time),
    ], order: "created")

  /// Events, without an index.
  package static let alerts = Listing(
    8, .client,
    [
      Column("position", .integer),
      Column("recorded", .time),
      Column("client", .identifier(.client), isSearched: true),
      Column("rule", .choice(AlertRule.allCases.map(\.rawValue))),
      Column("action", .choice(["alert", "suspend"])),
      Column("network", .text, isSearched: true),
      Column("secret", .identifier(.secret), isSearched: true),
      Column("source", .text, isSearched: true),
      Column("count", .integer),
    ], order: "-position")

  /// Every kind that has an index.
  package static let all = [accounts, plans, projects, clients, secrets, charges]

  static func of(_ kind: Identifier.Kind) -> Listing? { all.first { $0.kind == kind } }

  package func column(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

  /// What `q` searches in a record: its texts in any letter case, a line each.
  func searchText(of record: [UInt8]?) -> [UInt8] {
    guard let record else { return [] }
    let finder = MemberFinder(record)
    if IndexKey.isGone(finder) { return [] }
    var lines: [[UInt8]] = []
    for column in columns where column.isSearched {
      for value in column.values(in: finder).map(folded) where !lines.contains(value) {
        lines.append(value)
      }
    }
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// Tells listings with other columns apart, so that a state with their indexes is not read with
  /// these: FNV-1a over all that is declared.
  static let fingerprint: UInt64 = {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in all.map({ "\($0.code)\($0.columns)" }).joined().utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return hash
  }()
}
