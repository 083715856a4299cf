import HTTPServer
import Journal
import MerkleLog
import Notary
import Projections

/// `GET /log/proof/{position}`: that an event stands in the log (C2SP tlog-proof).
extension Desk {
  /// Answers as soon as a checkpoint covers the event: within a second of its being recorded.
  func prove(_ text: String, _ request: Request, _ exchange: Exchange) throws {
    _ = try query(request, [])
    guard let position = UInt64(text), String(position) == text, position < service.journal.head
    else { throw Problem.notFound("event") }
    // Both run in the exchange's loop, whose thread is the only one that runs this desk.
    nonisolated(unsafe) let desk = self
    service.notary.cover(position) { publication in
      exchange.loop.run([{ unsafe desk.answer(exchange, position, publication) }])
    }
  }

  private func answer(_ exchange: Exchange, _ position: UInt64, _ publication: Publication?) {
    exchange.respond(respond(exchange) { try proof(position, publication) })
  }

  private func proof(_ position: UInt64, _ publication: Publication?) throws -> Response {
    guard let publication else { throw Problem.uncovered }
    let tree = MerkleTree(size: publication.size, tiles: publication.tiles(state.events))
    let proof = LogProof(
      index: position, hashes: try tree.inclusionProof(of: position),
      checkpoint: publication.checkpoint.note)
    return .fresh(proof.bytes)
  }
}

extension Problem {
  fileprivate static let uncovered = Problem(
    status: 503, title: "No checkpoint covers the event yet",
    detail: "A new one cannot be made now, or the server is stopping.",
    headers: [("Retry-After", "1")])
}
