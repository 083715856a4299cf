package import CanonicalJSON

/// What the ledger does about what its rules notice.
package struct Policy: CanonicalObject, Hashable {
  package enum Action: String, Sendable, CaseIterable {
    case none
    case alert
    /// An alert, and the client is disabled.
    case suspend
  }

  /// What holds until somebody revises it.
  static let initial = Policy(
    denialBurst: .alert, threshold: 30, newNetwork: .alert, replacedSecret: .alert)

  package private(set) var denialBurst: Action
  /// From how many denied attempts in a minute on there is a burst: 1 to 1,000,000.
  package private(set) var threshold: Int64
  package private(set) var newNetwork: Action
  package private(set) var replacedSecret: Action

  private init(
    denialBurst: Action, threshold: Int64, newNetwork: Action, replacedSecret: Action
  ) {
    self.denialBurst = denialBurst
    self.threshold = threshold
    self.newNetwork = newNetwork
    self.replacedSecret = replacedSecret
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    let change = try PolicyChange(from: &reader)
    guard let denialBurst = change.denialBurst, let threshold = change.threshold,
      let newNetwork = change.newNetwork, let replacedSecret = change.replacedSecret
    else { throw reader.malformed("", "is no whole policy") }
    self.init(
      denialBurst: denialBurst, threshold: threshold, newNetwork: newNetwork,
      replacedSecret: replacedSecret)
  }

  package func write(to writer: inout JSONWriter) {
    var whole = PolicyChange()
    whole.denialBurst = denialBurst
    whole.threshold = threshold
    whole.newNetwork = newNetwork
    whole.replacedSecret = replacedSecret
    whole.write(to: &writer)
  }

  package subscript(rule: AlertRule) -> Action {
    switch rule {
    case .denialBurst: denialBurst
    case .newNetwork: newNetwork
    case .replacedSecret: replacedSecret
    }
  }

  /// Whether there is to be an alert for what was found.
  func notices(_ finding: Finding) -> Bool {
    if case .denialBurst(let count, _) = finding, count < threshold { return false }
    return self[finding.rule] != .none
  }

  func taking(_ change: PolicyChange) -> Policy {
    Policy(
      denialBurst: change.denialBurst ?? denialBurst, threshold: change.threshold ?? threshold,
      newNetwork: change.newNetwork ?? newNetwork,
      replacedSecret: change.replacedSecret ?? replacedSecret)
  }
}
