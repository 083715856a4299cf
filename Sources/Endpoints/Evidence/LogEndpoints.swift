import CanonicalJSON
import Cryptography
import HTTPServer
import Journal
import MerkleLog
import Notary
import Projections

/// `/log/…`: the log as C2SP tlog-tiles serves it. Open to everybody but for the records themselves,
/// so that monitors and witnesses can poll it. Nothing beyond the last checkpoint is shown.
extension Desk {
  /// `GET /log/checkpoint`: the last signed checkpoint.
  func checkpoint(_ request: Request) throws -> Response {
    _ = try query(request, [])
    return .fresh(service.notary.publication.checkpoint.bytes)
  }

  /// `GET /log/key`: what checkpoints are checked with.
  func checkpointKey(_ request: Request) throws -> Response {
    _ = try query(request, [])
    let verifier = service.notary.verifier
    return Self.published(
      JSON.object([
        .init("checkpoint_key", .string(verifier.text)),
        .init("origin", .string(verifier.key.name)),
      ]).canonicalBytes())
  }

  /// `GET /log/tile/<L>/<N>[.p/<W>]`
  func tile(_ level: String, _ index: String, _ request: Request) throws -> Response {
    _ = try query(request, [])
    let publication = service.notary.publication
    guard let tile = Tile(path: "tile/\(level)/\(index)"),
      tile.isWithin(treeOfSize: publication.size)
    else { throw Problem.notFound("tile") }
    let hashes = try publication.tiles(state.events).hashes(of: tile)
    return .immutable(Tile.encode(hashes), sharing: "public")
  }

  /// `GET /log/tile/entries/<N>[.p/<W>]`
  func entries(_ index: String, _ request: Request) throws -> Response {
    _ = try query(request, [])
    guard let bundle = EntryBundle(path: "tile/entries/\(index)"),
      bundle.isWithin(logOfSize: service.notary.publication.size)
    else { throw Problem.notFound("entry bundle") }
    let records = try state.events.events(
      from: bundle.start, limit: bundle.width, maximumBytes: .max)
    guard let bytes = EntryBundle.encode(records) else {
      throw JournalError(.damaged, "an event of \(bundle.path) is larger than events may be")
    }
    return .immutable(bytes, sharing: "private")
  }

  /// `GET /log/consistency`: that the tree of one size extends that of another.
  func consistency(_ request: Request) throws -> Response {
    let query = try query(request, ["from", "to"])
    let publication = service.notary.publication
    let last = Int(publication.size)
    guard let from = query["from"] else { throw Problem.parameter("from", "is required") }
    let to = try query["to"].map { try number("to", $0, 0...last) } ?? last
    let old = try number("from", from, 0...to)
    let tiles = publication.tiles(state.events)
    let tree = MerkleTree(size: UInt64(to), tiles: tiles)
    return Response.json(
      .object([
        .init("from", .head(try MerkleTree(size: UInt64(old), tiles: tiles).head())),
        .init("hashes", .array(try tree.consistencyProof(from: UInt64(old)).map(JSON.hash))),
        .init("to", .head(try tree.head())),
      ]))
  }
}

extension JSON {
  fileprivate static func hash(_ hash: SHA256Digest) -> JSON { .string(Base64.encode(hash.bytes)) }

  fileprivate static func head(_ head: TreeHead) -> JSON {
    .object([.init("root", hash(head.root)), .init("size", .integer(Int64(head.size)))])
  }
}

extension Response {
  /// Text that is another one in a second or two.
  static func fresh(_ text: [UInt8]) -> Response {
    Response(
      status: 200,
      headers: [
        ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "public, max-age=2"),
      ], body: .bytes(text))
  }

  /// Bytes that never change (RFC 8246).
  ///
  /// - Parameter sharing: `public` or `private` (RFC 9111 §5.2.2).
  fileprivate static func immutable(_ bytes: [UInt8], sharing: String) -> Response {
    Response(
      status: 200,
      headers: [
        ("Content-Type", "application/octet-stream"),
        ("Cache-Control", "\(sharing), max-age=31536000, immutable"),
      ], body: .bytes(bytes))
  }
}
