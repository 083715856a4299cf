extension Command {
  /// What the caller may do: what its roles give it now, and its token carries.
  func authority(in view: some LedgerView) throws -> Authority {
    guard case .client(let id, _, _) = actor else { return .everything }
    return try view.authority(of: id).narrowed(to: permissions)
  }

  /// The one permission check of the rules.
  ///
  /// - Parameter thing: what stands at the place, named to a caller that may not know of it.
  /// - Throws: `Rejection.notFound` when the caller may do nothing at the place,
  ///   `Rejection.missingPermission` when it may do something else there.
  func require(
    _ permission: Permission, at place: Place, hiding thing: String, in view: some LedgerView
  ) throws {
    try authority(in: view).require(permission, at: place, hiding: thing)
  }

  /// Nobody changes, ends, takes over or gives roles to a client that may do something, somewhere,
  /// that the caller may not: its secrets are its permissions.
  ///
  /// - Throws: `Rejection.missingPermission`.
  func requireAuthority(over client: Client, in view: some LedgerView) throws {
    let theirs = try view.authority(of: client.id)
    if let lack = try authority(in: view).lack(beside: theirs) {
      throw Rejection.missingPermission(lack)
    }
  }

  /// The same for every client at a place, for who stops all of them.
  func requireAuthority(overAllAt place: Place, in view: some LedgerView) throws {
    for id in try view.holders() {
      guard let client = try view.client(id), place.covers(client.place) else { continue }
      try requireAuthority(over: client, in: view)
    }
  }
}
