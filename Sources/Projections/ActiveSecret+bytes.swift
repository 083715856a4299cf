import Ledger

/// The stored form of a client's active secrets: for each one `identifier ‖ expiry, 0 for none ‖
/// length of pepper ‖ pepper ‖ length of verifier ‖ verifier`. One row holds them all, so that
/// checking a secret costs the same however many a client has.
extension [ActiveSecret] {
  package init(stored bytes: [UInt8]) {
    self = []
    var place = 0
    while let id = Identifier(.secret, bytes: bytes, at: place),
      let expires = bytes.integer(at: place + 16)
    {
      place += 24
      let pepper = bytes.counted(at: &place)
      let verifier = bytes.counted(at: &place)
      append(
        ActiveSecret(
          id: id, expires: expires == 0 ? nil : Int64(exactly: expires),
          pepper: String(decoding: pepper, as: UTF8.self), verifier: [UInt8](verifier)))
    }
  }

  package var stored: [UInt8] {
    var bytes: [UInt8] = []
    for secret in self {
      bytes += secret.id.bytes
      bytes.append(UInt64(secret.expires ?? 0))
      bytes.append(counted: [UInt8](secret.pepper.utf8))
      bytes.append(counted: secret.verifier)
    }
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func append(counted bytes: [UInt8]) {
    append(UInt8(bytes.count))
    self += bytes
  }

  fileprivate func counted(at place: inout Int) -> ArraySlice<UInt8> {
    guard place < count else { return [] }
    let start = place + 1
    place = Swift.min(start + Int(self[place]), count)
    return self[start..<place]
  }
}
