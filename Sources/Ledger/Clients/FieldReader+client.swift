/// The fields of a client, each with the one rule that registration and edit share.
extension FieldReader {
  mutating func clientName() -> String { name("client_name", scalars: 5...50) }

  mutating func applicationType() -> ClientMetadata.ApplicationType {
    choice("application_type", nil, among: ClientMetadata.ApplicationType.allCases)
  }

  mutating func appName() -> String { name("app_name", scalars: 5...50) }

  mutating func appVersion() -> String { name("app_version", scalars: 1...50) }

  /// Null is the issuer.
  mutating func audience(issuer: String) -> String { optionalAddress("audience") ?? issuer }

  /// In seconds; null is an hour.
  mutating func tokenLifetime() -> Int64 {
    integer("token_lifetime", in: 1...ClientMetadata.maximumTokenLifetime, default: 3_600)
  }

  /// Addresses that are compared as they are written; null is none.
  mutating func redirectURIs() -> [String] {
    optionalTexts(
      "redirect_uris", atMost: 20,
      "must be an absolute https URI, or http on 127.0.0.1, [::1] or localhost, without a fragment, "
        + "of at most 2048 ASCII characters",
      where: WebAddress.isRedirect)
  }

  /// An id on the wire that is chosen. Those that the ledger makes begin in a way that no chosen
  /// one may, so that neither is taken for the other.
  mutating func chosenClientID() -> String? {
    optionalText(
      "client_id",
      "must be 5 to 64 of A-Z a-z 0-9 . _ - and must not begin like an identifier or a secret of "
        + "this ledger",
      where: ChosenCredentials.isClientID)
  }

  /// Checks a secret that is chosen. The value is not kept: what is recorded of it is its verifier.
  ///
  /// - Returns: whether there is one.
  mutating func hasChosenSecret() -> Bool {
    optionalText(
      "client_secret", "must be 32 to 128 characters of printable ASCII",
      where: ChosenCredentials.isSecret) != nil
  }
}

/// What a person may choose to authenticate a client with.
enum ChosenCredentials {
  /// Prefixes of what the ledger makes, secrets and tokens included.
  private static let reserved =
    Identifier.Kind.allCases.map { $0.rawValue + "_" }
    + ["usr_", "tsk_", "tsr_"]

  static func isClientID(_ text: String) -> Bool {
    (5...64).contains(text.utf8.count) && text.utf8.allSatisfy(isOfClientID)
      && !reserved.contains(where: text.hasPrefix)
  }

  private static func isOfClientID(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// RFC 6749 appendix A.2, and long enough not to be guessed.
  static func isSecret(_ text: String) -> Bool {
    (32...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }
}
