import CanonicalJSON
import Cryptography
import Ledger
import Narrative

extension Picture {
  /// Writes one canonical JSON object, a piece at a time: `as_of`, `counts`, a list for each kind of
  /// things, `ledger`, `revocations`.
  package func writeJSON(_ emit: ([UInt8]) throws -> Void) throws {
    var pieces = try facts().map { (name: $0.name, ids: [Identifier]?.none, value: $0.value) }
    if token == nil {
      pieces += Self.lists.map { ($0.name, selection.things($0.kind), .null) }
    }
    pieces.sort { $0.name < $1.name }
    var bytes = [UInt8(ascii: "{")]
    for (index, piece) in pieces.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += Array("\"\(piece.name)\":".utf8)
      if let ids = piece.ids {
        try write(ids, &bytes, emit)
      } else {
        bytes += piece.value.canonicalBytes()
      }
    }
    try emit(bytes + [UInt8(ascii: "}")])
  }

  private func write(
    _ ids: [Identifier], _ bytes: inout [UInt8], _ emit: ([UInt8]) throws -> Void
  ) throws {
    bytes.append(UInt8(ascii: "["))
    for (index, id) in ids.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += try shown(id).canonicalBytes()
      if bytes.count > Self.pieceSize {
        try emit(bytes)
        bytes = []
      }
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private static let pieceSize = 65_536

  /// What there is beside lists of things.
  private func facts() throws -> [JSON.Member] {
    var members: [JSON.Member] = [.init("as_of", asOf)]
    if let token {
      let shown = try token.token.shown(from: token.address, in: state, at: moment.time)
      return members + [.init("token", shown)]
    }
    members.append(.init("counts", counts))
    members.append(.init("revocations", try revocations().shown))
    for id in selection.things(.ledger) { members.append(.init("ledger", try shown(id))) }
    return members
  }

  /// The moment, and the root that a checkpoint over the same events has.
  private var asOf: JSON {
    let root = root.map { JSON.Member("root", .string(Base64.encode($0.bytes))) }
    return .object((moment.shown.members ?? []) + (root.map { [$0] } ?? []))
  }

  private var counts: JSON {
    var members = Self.lists.map { list in
      JSON.Member(list.name, .integer(Int64(selection.things(list.kind).count)))
    }
    if selection.isWhole {
      members.append(.init("events", .integer(Int64(moment.position + 1))))
      members.append(.init("tokens_issued", .integer(Int64(state.tokenCount))))
    }
    members.append(.init("live_tokens", .integer(Int64(liveTokens))))
    return .object(members)
  }

  /// Of everything, or of the clients or the secret that are shown.
  var liveTokens: UInt64 {
    if selection.isWhole { return census.total }
    let clients = selection.things(.client)
    guard clients.isEmpty else {
      return clients.reduce(0) { $0 + (census.byClient[$1] ?? 0) }
    }
    return selection.things(.secret).reduce(0) { $0 + (census.bySecret[$1] ?? 0) }
  }
}

extension PastMoment {
  var shown: JSON {
    .object([
      .init("position", .integer(Int64(position))), .init("time", .string(time.text)),
    ])
  }
}
