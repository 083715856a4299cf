import CanonicalJSON

/// What the state and a check of the log want to know of a `token.issued`: by far most events are
/// of this kind, and this is taken from their stored bytes without making events of them.
///
/// Stored bytes are known of tokens as nearly all are: the only event of their command, without
/// request, reason or cause, and no byte of them escaped or beyond ASCII.
package struct PlainToken: Sendable, Hashable {
  package let client: Identifier
  package let secret: Identifier
  package let position: Position
  package let recorded: Timestamp
  /// `exp`, epoch seconds.
  package let expires: Int64
  package let network: String?

  /// Nil unless the event issued a token to a client.
  package init?(_ event: Event) {
    guard case .tokenIssued(let data) = event.body,
      case .client(let client, _, _) = event.actor
    else { return nil }
    self.client = client
    secret = data.secret
    position = event.position
    recorded = event.recorded
    expires = data.expires
    network = data.network
  }

  /// Nil of all other bytes, be they an event or not. What is taken is in canonical form, and
  /// `Event` takes it too.
  package init?(storedBytes bytes: Span<UInt8>) {
    guard bytes.count <= Event.maximumSize else { return nil }
    var scanner = Scanner()
    guard let client = scanner.actor(bytes), let data = scanner.data(bytes),
      scanner.skip(#""position":"#, bytes), let position = scanner.number(bytes),
      let recorded = scanner.recorded(bytes), let revision = scanner.revision(bytes),
      revision > 1 || !data.isOfRevision2, scanner.subject(bytes), scanner.place == bytes.count
    else { return nil }
    self.client = client
    secret = data.secret
    self.position = Position(position)
    self.recorded = recorded
    expires = data.expires
    network = data.network
  }
}

/// A place in the bytes and what may follow it. Every step goes on behind what it found, and gives
/// false or nil where something else stands.
private struct Scanner {
  private(set) var place = 0

  struct Data {
    let expires: Int64
    let network: String?
    let secret: Identifier
    let isOfRevision2: Bool
  }

  mutating func actor(_ bytes: Span<UInt8>) -> Identifier? {
    guard skip(#"{"actor":{"address":""#, bytes), text(bytes) != nil,
      skip(#","id":""#, bytes), let client = identifier(.client, bytes),
      skip(#","kind":"client"},"#, bytes)
    else { return nil }
    return client
  }

  mutating func data(_ bytes: Span<UInt8>) -> Data? {
    guard skip(#""data":{"aud":""#, bytes), text(bytes) != nil, skip(",", bytes),
      let domain = optional(#""domain":""#, bytes, DomainName.isName),
      skip(#""exp":"#, bytes), let expires = number(bytes), expires <= Timestamp.lastSecond,
      skip(#""key":""#, bytes), identifier(.key, bytes) != nil, skip(",", bytes)
    else { return nil }
    _ = skip(#""mode":"test","#, bytes)
    guard let network = optional(#""network":""#, bytes, { !$0.isEmpty }),
      skip(#""scope":""#, bytes), let scope = text(bytes), Scope.isScope(bytes.extracting(scope)),
      skip(#","secret":""#, bytes), let secret = identifier(.secret, bytes), skip("},", bytes)
    else { return nil }
    return Data(
      expires: expires, network: network.isEmpty ? nil : string(bytes.extracting(network)),
      secret: secret, isOfRevision2: !domain.isEmpty || !network.isEmpty)
  }

  mutating func recorded(_ bytes: Span<UInt8>) -> Timestamp? {
    guard skip(#""recorded":""#, bytes), let range = text(bytes), skip(",", bytes) else {
      return nil
    }
    return Timestamp(ascii: bytes.extracting(range))
  }

  mutating func revision(_ bytes: Span<UInt8>) -> Int64? {
    guard skip(#""revision":"#, bytes), let revision = number(bytes), revision <= 2 else {
      return nil
    }
    return revision
  }

  mutating func subject(_ bytes: Span<UInt8>) -> Bool {
    skip(#""subject":""#, bytes) && identifier(.token, bytes) != nil
      && skip(#","type":"token.issued"}"#, bytes)
  }

  mutating func skip(_ literal: StaticString, _ bytes: Span<UInt8>) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard bytes.count - place >= count, Self.begins(bytes, at: place, literal, count) else {
      return false
    }
    place += count
    return true
  }

  /// Compares eight bytes at a time.
  private static func begins(
    _ bytes: Span<UInt8>, at place: Int, _ literal: StaticString, _ count: Int
  ) -> Bool {
    let wanted = unsafe UnsafeRawPointer(literal.utf8Start)
    var offset = 0
    while count &- offset >= 8 {
      let found = unsafe bytes.bytes.unsafeLoadUnaligned(
        fromByteOffset: place &+ offset, as: UInt64.self)
      let word = unsafe wanted.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      guard found == word else { return false }
      offset &+= 8
    }
    while offset < count {
      let byte = unsafe wanted.load(fromByteOffset: offset, as: UInt8.self)
      guard bytes[place &+ offset] == byte else { return false }
      offset &+= 1
    }
    return true
  }

  /// A positive number and the comma behind it; at most 15 digits, which are below 2^53.
  mutating func number(_ bytes: Span<UInt8>) -> Int64? {
    var (end, value): (Int, Int64) = (place, 0)
    while end < bytes.count, case let digit = bytes[end] &- UInt8(ascii: "0"), digit <= 9 {
      value = value &* 10 &+ Int64(digit)
      end += 1
    }
    guard 1...15 ~= end - place, bytes[place] != UInt8(ascii: "0"), end < bytes.count,
      bytes[end] == UInt8(ascii: ",")
    else { return nil }
    place = end + 1
    return value
  }

  /// Where a string of ASCII stands that begins here, behind its quote, and has no escapes; goes on
  /// behind the quote that ends it.
  private mutating func text(_ bytes: Span<UInt8>) -> Range<Int>? {
    let start = place
    let end = endOfPlainText(bytes, from: start)
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
    place = end + 1
    return start..<end
  }

  private mutating func identifier(_ kind: Identifier.Kind, _ bytes: Span<UInt8>) -> Identifier? {
    guard let range = text(bytes), let found = Identifier(ascii: bytes.extracting(range)),
      found.kind == kind
    else { return nil }
    return found
  }

  private func string(_ ascii: Span<UInt8>) -> String {
    String(copying: unsafe UTF8Span(unchecked: ascii, isKnownASCII: true))
  }

  /// Where the text of a member stands, empty when no such member does; nil for a text that is none
  /// for it, as an empty one must be.
  private mutating func optional(
    _ name: StaticString, _ bytes: Span<UInt8>, _ accepts: (Span<UInt8>) -> Bool
  ) -> Range<Int>? {
    guard skip(name, bytes) else { return place..<place }
    guard let range = text(bytes), accepts(bytes.extracting(range)), skip(",", bytes) else {
      return nil
    }
    return range
  }
}
