/// What answers requests. Made once per loop, on the loop's thread, and only ever called there;
/// so it may own thread-bound things without locks. A handler that blocks, blocks all
/// connections of its loop.
package protocol Handler: AnyObject {
  /// Called once for each whole request. Answer through the exchange, now or later: the
  /// connection waits for it without a time limit of its own.
  func handle(_ request: Request, _ exchange: Exchange)

  /// Called for everything that the loop has to say; a slow one slows all connections.
  func note(_ record: LogRecord)
}

/// Where one answer goes. May be kept and used later, on any thread.
package struct Exchange: Sendable {
  package let loop: Loop
  let slot: Int
  /// Never used twice on its loop, so a late answer cannot reach another request.
  let number: UInt64
  /// The id of the request, ``Request/id``.
  package let requestID: String

  /// Says what the request is for, as a number of the handler's own, which comes back in
  /// ``LogRecord/Event/answered(method:path:route:microseconds:)``; 0 unless set. Only on the
  /// loop's thread, before the answer.
  package func setRoute(_ route: Int) {
    loop.setRoute(route, slot: slot, number: number)
  }

  /// Answers. On the loop's thread the response is written at once; elsewhere it is handed to
  /// the loop. The first answer counts; a later one, or one for a client that is gone, is
  /// dropped (a stream in it is cancelled). A client that has only finished sending still gets
  /// its answer.
  package func respond(_ response: Response) {
    loop.respond(response, slot: slot, number: number)
  }
}
