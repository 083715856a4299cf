package import CanonicalJSON

/// The roles that a client holds, in the order in which they were granted.
package struct Holdings: CanonicalObject, Hashable {
  /// More are not granted to one client.
  static let maximumCount = 100

  package let client: Identifier
  package private(set) var grants: [Grant]

  init(client: Identifier) {
    self.client = client
    grants = []
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    client = try reader.identifier("client", .client)
    grants = try reader.objects("grants", Grant.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("client", client)
    writer.member("grants", objects: grants)
  }

  /// The roles, each once.
  package var roles: Set<RoleReference> { Set(grants.map(\.role)) }

  /// Whether the role owner is held for everything.
  var isOwner: Bool {
    grants.contains { $0.role == .builtIn(.owner) && $0.place == .everything }
  }

  func adding(_ grant: Grant) -> Holdings {
    var holdings = self
    holdings.grants.append(grant)
    return holdings
  }

  func removing(_ grant: Identifier) -> Holdings {
    var holdings = self
    holdings.grants.removeAll { $0.id == grant }
    return holdings
  }
}
