package import CanonicalJSON

/// Fields of a client were changed, those of its name and owner apart. Either side holds what was
/// changed and nothing else; the address of a client that has none is in neither, nor a scope that
/// it did not have.
package struct ClientEdited: EventData, Hashable {
  package static let type = "client.edited"

  package let after: ClientDetails
  package let before: ClientDetails

  /// Nil when nothing was changed.
  init?(from old: ClientMetadata, to new: ClientMetadata) {
    after = ClientDetails(of: new, whereUnlike: old)
    before = ClientDetails(of: old, whereUnlike: new)
    if after == before { return nil }
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    after = try reader.object("after", ClientDetails.self)
    before = try reader.object("before", ClientDetails.self)
    guard after != before, after.required == before.required,
      after.scope != nil || before.scope == nil
    else {
      throw reader.malformed("after", "and before are not of the same fields with other values")
    }
  }

  package func write(to writer: inout JSONWriter) {
    writer.member("after", object: after)
    writer.member("before", object: before)
  }

  func applied(to metadata: ClientMetadata) -> ClientMetadata {
    metadata.taking(after, withoutURI: before.clientURI != nil && after.clientURI == nil)
  }

  /// Whether tokens issued before say more than the client may now: they have a scope value that
  /// was taken away, are meant for another audience, or are of a kind that it may not have.
  package var takesAway: Bool {
    if let new = after.scope, let old = before.scope, !old.isSubset(of: new) { return true }
    return after.audience != nil || after.applicationType?.mayUseClientCredentials == false
  }
}
