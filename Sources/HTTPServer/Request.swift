/// A request, whole; head bytes are kept once and headers are ranges into them.
package struct Request: Sendable {
  /// As sent: a token of RFC 9110, section 9.1, case-sensitive.
  package let method: String
  /// As sent, not percent-decoded; starts with `/`.
  package let path: String
  /// As sent, after the first `?`; nil without one.
  package let query: String?
  /// Decoded from chunks; empty without one.
  package internal(set) var body: [UInt8] = []
  /// The client's numeric address, no port: `127.0.0.1`, `::1`; `unix` when it came through a
  /// Unix-domain socket and no proxy said more.
  package internal(set) var peer: String
  /// Whether it came from this machine; behind a proxy here it was made elsewhere all the same.
  package let isLocal: Bool
  /// Whether a trusted proxy sent it, whose word on it counts.
  package internal(set) var isFromTrustedProxy = false
  /// Tells the request apart in answers and logs; also the value of the answer's
  /// `X-Request-Id`.
  package internal(set) var id: String
  /// The certificate that the client has shown and that one of the configured authorities vouches
  /// for, in DER; nil without one.
  package let clientCertificate: [UInt8]?

  private let head: [UInt8]
  private let fields: [Field]

  init(
    _ head: RequestHead, peer: String, isLocal: Bool, id: String, clientCertificate: [UInt8]?
  ) {
    method = head.method
    path = head.path
    query = head.query
    self.peer = peer
    self.isLocal = isLocal
    self.id = id
    self.clientCertificate = clientCertificate
    self.head = head.bytes
    fields = head.fields
  }

  /// The value of the only header of that (lower-case) name, without white space around it;
  /// nil when there is none, and nil when there are several: see ``headers(named:)``.
  package func header(_ name: StaticString) -> String? {
    let span = head.span
    var found: Field?
    for field in fields where span.equals(field.name, lowercased: name) {
      guard found == nil else { return nil }
      found = field
    }
    return found.map { span.text($0.value) }
  }

  /// The values of all headers of that (lower-case) name, in the order sent.
  package func headers(named name: StaticString) -> [String] {
    let span = head.span
    var values: [String] = []
    for field in fields where span.equals(field.name, lowercased: name) {
      values.append(span.text(field.value))
    }
    return values
  }
}

/// Where a header's name and value are in the bytes of a head.
struct Field: Sendable {
  private let nameStart: UInt32
  private let nameEnd: UInt32
  private let valueStart: UInt32
  private let valueEnd: UInt32

  init(name: Range<Int>, value: Range<Int>) {
    nameStart = UInt32(truncatingIfNeeded: name.lowerBound)
    nameEnd = UInt32(truncatingIfNeeded: name.upperBound)
    valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
    valueEnd = UInt32(truncatingIfNeeded: value.upperBound)
  }

  var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
  var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}
