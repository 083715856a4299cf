package import CanonicalJSON

/// The ledger's policy is another one from here on. Either side holds what was changed.
package struct PolicyRevised: EventData, Hashable {
  package static let type = "policy.revised"

  package let after: PolicyChange
  package let before: PolicyChange

  /// Nil when nothing was changed.
  init?(from old: Policy, to new: Policy) {
    if old == new { return nil }
    after = PolicyChange(of: new, whereUnlike: old)
    before = PolicyChange(of: old, whereUnlike: new)
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", PolicyChange.self)
    before = try reader.object("before", PolicyChange.self)
    guard after.isRevision(of: before) else {
      throw reader.malformed("after", "and before are not of the same members with other values")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
  }
}

extension PolicyChange {
  /// Whether it has the members of the other, each with another value, and at least one.
  fileprivate func isRevision(of other: PolicyChange) -> Bool {
    let pairs = [
      (denialBurst?.rawValue, other.denialBurst?.rawValue),
      (threshold.map(String.init), other.threshold.map(String.init)),
      (newNetwork?.rawValue, other.newNetwork?.rawValue),
      (replacedSecret?.rawValue, other.replacedSecret?.rawValue),
    ]
    return self != PolicyChange()
      && pairs.allSatisfy { ($0 == nil) == ($1 == nil) && ($0 == nil || $0 != $1) }
  }
}
