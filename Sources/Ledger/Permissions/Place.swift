/// Where a thing stands, and so whose it is to see and to change.
package enum Place: Sendable, Hashable {
  /// The ledger as a whole: plans, roles, the policy.
  case everything
  case account(Identifier)
  case project(Identifier, account: Identifier)
}

/// A thing that stands somewhere.
package protocol Placed {
  var place: Place { get }
}

extension Account: Placed {
  package var place: Place { .account(id) }
}

extension Project: Placed {
  package var place: Place { .project(id, account: account) }
}

extension Plan: Placed {
  package var place: Place { .everything }
}

extension Client: Placed {
  package var place: Place { .project(project, account: account) }
}

extension Place {
  /// Whether what stands at another place stands at this one too.
  package func covers(_ other: Place) -> Bool {
    switch (self, other) {
    case (.everything, _): true
    case (.account(let mine), .account(let account)),
      (.account(let mine), .project(_, let account)):
      mine == account
    default: self == other
    }
  }
}
