package import CanonicalJSON
package import Ledger

extension IssuedToken {
  /// What was recorded of a token, whether it is good at a time, and if not, what is in its way.
  ///
  /// - Parameter address: where it was asked for from.
  package func shown(
    from address: String, in records: some LedgerRecords, at time: Timestamp
  ) throws -> JSON {
    let obstacle = try obstacle(in: records, at: time)
    var members: [JSON.Member] = [
      .init("active", .bool(obstacle == nil)), .init("address", .string(address)),
      .init("client", .string(client.text)), .init("id", .string(id.text)),
      .init("issued", .string(issued.text)), .init("position", .integer(Int64(position))),
    ]
    if let obstacle { members.append(.init("inactive_because", .string(obstacle.rawValue))) }
    let recorded = try JSON.parse(data.canonicalBytes()).members ?? []
    return .object(recorded + members)
  }
}
