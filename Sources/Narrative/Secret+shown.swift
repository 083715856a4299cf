package import CanonicalJSON
package import Ledger

extension Secret {
  /// A secret as it may be shown: without its verifier.
  package var shown: JSON {
    var members: [JSON.Member] = [
      .init("created", .string(created.text)), .init("id", .string(id.text)),
      .init("last_four", .string(verifier.lastFour)),
    ]
    if let expires { members.append(.init("expires", .integer(expires))) }
    if let revoked { members.append(.init("revoked", .string(revoked.text))) }
    return .object(members)
  }
}
