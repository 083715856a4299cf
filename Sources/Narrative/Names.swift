package import Ledger

/// What things are called, in a state that knows of those that ended too.
package struct Names {
  let state: any Memory
  /// What the one who reads them may do; nil for one who may see everything.
  let reader: Authority?

  package init(state: any Memory, reader: Authority? = nil) {
    self.state = state
    self.reader = reader
  }

  /// The name of a thing; nil for things that have none, are not there or are out of sight.
  package func name(_ id: Identifier) throws -> String? {
    switch id.kind {
    case .account: visible(try state.recordedAccount(id))?.name
    case .client: visible(try state.client(id))?.metadata.clientName
    case .plan: try state.plan(id)?.name
    case .project: visible(try state.recordedProject(id))?.name
    case .role: try state.roleEverDefined(id)?.name
    case .charge, .grant, .key, .ledger, .secret, .token: nil
    }
  }

  private func visible<Thing: Placed>(_ thing: Thing?) -> Thing? {
    guard let thing, let reader else { return thing }
    return reader.sees(thing.place) ? thing : nil
  }

  /// Who did something is no secret to those who may know of it.
  package func author(_ id: Identifier) throws -> String? {
    try state.client(id)?.metadata.clientName
  }

  /// The name in quotation marks, the last four characters of a secret, or the identifier.
  package func words(_ id: Identifier) throws -> String {
    if id.kind == .secret, let secret = try state.secret(id) {
      return "…" + secret.verifier.lastFour
    }
    return try name(id).map { "\"\($0)\"" } ?? id.text
  }

  /// `role manager for project "Shop"`
  ///
  /// - Parameter place: an account or a project; nil for everything.
  package func words(_ role: RoleReference, at place: Identifier?) throws -> String {
    let name =
      switch role {
      case .defined(let id): try words(id)
      case .builtIn, .listed: role.text
      }
    guard let place else { return "role \(name) for everything" }
    return "role \(name) for \(place.kind == .account ? "account" : "project") "
      + (try words(place))
  }
}

extension Timestamp {
  /// To the second: `2026-11-21T05:16:00Z`.
  package var wholeSecond: String { text.prefix(19) + "Z" }
}

extension Money {
  /// In major units with their decimals: `12.50 USD`, `1250 JPY`.
  package var words: String {
    let sign = amount < 0 ? "-" : ""
    guard currency.exponent > 0 else { return "\(amount) \(currency.code)" }
    let digits = String(amount.magnitude)
    let exponent = Int(currency.exponent)
    let padded = String(repeating: "0", count: max(0, exponent + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(exponent)).\(padded.suffix(exponent)) \(currency.code)"
  }
}
