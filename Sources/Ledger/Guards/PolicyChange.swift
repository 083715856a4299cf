package import CanonicalJSON

/// Some members of a policy.
package struct PolicyChange: CanonicalObject, Hashable {
  var denialBurst: Policy.Action?
  var threshold: Int64?
  var newNetwork: Policy.Action?
  var replacedSecret: Policy.Action?

  init() {}

  /// The members of a policy that differ in another one.
  init(of policy: Policy, whereUnlike other: Policy) {
    if policy.denialBurst != other.denialBurst { denialBurst = policy.denialBurst }
    if policy.threshold != other.threshold { threshold = policy.threshold }
    if policy.newNetwork != other.newNetwork { newNetwork = policy.newNetwork }
    if policy.replacedSecret != other.replacedSecret { replacedSecret = policy.replacedSecret }
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    let burst = try reader.optionalObject("denial_burst", Rule.self)
    denialBurst = burst?.action
    threshold = burst?.threshold
    newNetwork = try Self.action("new_network", from: &reader)
    replacedSecret = try Self.action("replaced_secret", from: &reader)
    if let burst, burst.action == nil, burst.threshold == nil {
      throw reader.malformed("denial_burst", "says nothing")
    }
  }

  private static func action(
    _ name: String, from reader: inout ObjectReader
  ) throws(MalformedObject) -> Policy.Action? {
    guard let rule = try reader.optionalObject(name, Rule.self) else { return nil }
    guard let action = rule.action, rule.threshold == nil else {
      throw reader.malformed(name, "has an action and nothing else")
    }
    return action
  }

  package func write(to writer: inout JSONWriter) {
    if denialBurst != nil || threshold != nil {
      writer.member("denial_burst", object: Rule(action: denialBurst, threshold: threshold))
    }
    if let newNetwork { writer.member("new_network", object: Rule(action: newNetwork)) }
    if let replacedSecret { writer.member("replaced_secret", object: Rule(action: replacedSecret)) }
  }

  /// The stored form of what is said of one rule.
  private struct Rule: CanonicalObject {
    var action: Policy.Action?
    var threshold: Int64?

    init(action: Policy.Action?, threshold: Int64? = nil) {
      self.action = action
      self.threshold = threshold
    }

    init(from reader: inout ObjectReader) throws(MalformedObject) {
      if let text = try reader.optionalString("action") {
        guard let action = Policy.Action(rawValue: text) else {
          throw reader.malformed("action", "is not known")
        }
        self.action = action
      }
      threshold = try reader.optionalInteger("threshold")
    }

    func write(to writer: inout JSONWriter) {
      writer.member("action", optional: action?.rawValue)
      writer.member("threshold", optional: threshold)
    }
  }
}
