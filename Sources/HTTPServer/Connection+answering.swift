/// The way out: answers, streams, refusals, and every end that a connection can have.
extension Connection {
  /// Parts of a stream that are sent before other connections have their turn.
  private static var partsPerTurn: Int { 16 }

  /// Sends the answer to the request in flight.
  func answer(_ response: Response) {
    exchange = 0
    if reactor.isDraining { keepsAlive = false }
    let stream = streamToSend(response)
    if stream != nil, isVersion10 { keepsAlive = false }
    reactor.output.removeAll(keepingCapacity: true)
    guard encode(response) else { return answerInvalid(stream) }
    logAnswer(response.status)
    if let stream {
      self.stream = stream
      pending = reactor.output
      pump()
    } else {
      sendOutput()
    }
  }

  /// Refuses what is being read; the connection ends with the answer.
  func refuse(_ refusal: Refusal) {
    keepsAlive = false
    exchange = 0
    guard !socket.isHandshaking else {
      report(.refused(refusal))
      return close()
    }
    requestID = requestID ?? reactor.requestID(reactor.nextExchange())
    report(.refused(refusal), status: refusal.status)
    reactor.output.removeAll(keepingCapacity: true)
    _ = encode(refusal.response)
    sendOutput()
  }

  func sendContinue() {
    reactor.output.removeAll(keepingCapacity: true)
    reactor.output.append("HTTP/1.1 100 Continue\r\n\r\n")
    // So few bytes fit, as the socket has nothing else to send; if not, the peer is broken.
    if socket.send(reactor.output) != reactor.output.count { leave() }
  }

  /// The socket has room again; while a request is read, that is for TLS's own messages.
  func writable() {
    switch phase {
    case .head, .body, .chunks: readable()
    case .sending where sendPending(): if stream != nil { pump() } else { finishAnswer() }
    case .sending, .handling, .lingering, .closed: break
    }
  }

  /// The client cannot be spoken with; the alert that says so is on its way.
  func abandonHandshake(_ reason: String) {
    report(.handshakeFailed(reason: reason))
    linger()
  }

  /// The client is gone.
  func leave() {
    if phase != .lingering, !isIdle {
      report(.clientLeft)
    }
    close()
  }

  /// The deadline has passed.
  func expire() {
    switch phase {
    case .head where !headStarted: close()
    case .head: refuse(.headTimeout)
    case .body, .chunks: refuse(.bodyTimeout)
    case .sending: cut(.writeStalled)
    case .handling, .lingering, .closed: close()
    }
  }

  /// The server ends, and cannot wait for this connection.
  func abandon() {
    if phase == .lingering || isIdle { close() } else { cut(.cutByDrain) }
  }

  /// Ends the connection now, whatever it is doing, so that the client knows.
  func cut(_ event: LogRecord.Event) {
    report(event)
    end { $0.reset() }
  }

  private func report(_ event: LogRecord.Event, status: Int? = nil) {
    reactor.report(event, peer: client, requestID: requestID, status: status)
  }

  func close() {
    end { $0.close() }
  }

  private func end(_ closing: (Socket) -> Void) {
    guard phase != .closed else { return }
    phase = .closed
    exchange = 0
    closing(socket)
    reactor.forget(self)
    let stream = stream
    self.stream = nil
    stream?.cancel()
  }

  /// The stream that the answer will pull; one that nobody wants is cancelled.
  private func streamToSend(_ response: Response) -> (any BodyStream)? {
    guard case .stream(let stream) = response.body else { return nil }
    guard !isHead, response.status != 204, response.status != 304 else {
      stream.cancel()
      return nil
    }
    return stream
  }

  /// Appends head and plain body to the reactor's output.
  private func encode(_ response: Response) -> Bool {
    let encoder = ResponseEncoder(
      framing: framing(response), keepsAlive: keepsAlive, isVersion10: isVersion10,
      requestID: requestID ?? "")
    guard
      encoder.encode(response, dateLine: reactor.clock.dateLine, into: &reactor.output)
    else { return false }
    if case .length = encoder.framing, !isHead, case .bytes(let bytes) = response.body {
      reactor.output.append(contentsOf: bytes)
    }
    return true
  }

  private func framing(_ response: Response) -> ResponseEncoder.Framing {
    guard response.status != 204, response.status != 304 else { return .bodiless }
    switch response.body {
    case .none: return .length(0)
    case .bytes(let bytes): return .length(bytes.count)
    case .stream: return isVersion10 ? .untilClose : .chunked
    }
  }

  private func answerInvalid(_ stream: (any BodyStream)?) {
    stream?.cancel()
    report(.invalidResponse, status: 500)
    _ = encode(.problem(status: 500, title: "The answer could not be sent."))
    sendOutput()
  }

  private func logAnswer(_ status: Int) {
    let microseconds = Clock.microseconds - requestStart
    reactor.report(
      .answered(method: method, path: path, route: route, microseconds: microseconds),
      peer: client, requestID: requestID, clientCertificate: clientCertificate, status: status)
  }

  /// Sends the reactor's output at once if the socket takes it, else keeps the rest.
  private func sendOutput() {
    guard let sent = socket.send(reactor.output) else { return leave() }
    guard sent < reactor.output.count else { return finishAnswer() }
    pending = Array(reactor.output[sent...])
    reactor.trimOutput()
    awaitRoom()
  }

  private func awaitRoom() {
    phase = .sending
    deadline = reactor.clock.now + reactor.times.write
    watch(.write)
  }

  /// True when nothing is pending any more; else the connection waits, or is closed.
  private func sendPending() -> Bool {
    guard pendingSent < pending.count else { return true }
    guard let sent = socket.send(pending, from: pendingSent) else {
      leave()
      return false
    }
    pendingSent += sent
    guard pendingSent == pending.count else {
      if sent > 0 || phase != .sending { awaitRoom() }
      return false
    }
    pending.removeAll(keepingCapacity: stream != nil)
    pendingSent = 0
    return true
  }

  /// Pulls and sends parts of the stream until the socket is full or the turn is over; a head
  /// that is pending goes out with the first part.
  private func pump() {
    for _ in 0..<Connection.partsPerTurn {
      guard let stream else { return }
      do {
        guard let part = try stream.next() else { return finishStream() }
        appendPart(part)
      } catch {
        self.stream = nil
        return cut(.streamFailed(reason: String(describing: error)))
      }
      guard sendPending() else { return }
    }
    awaitRoom()
  }

  private func appendPart(_ part: [UInt8]) {
    if isVersion10 {
      pending.append(contentsOf: part)
    } else if !part.isEmpty {
      pending.append(chunk: part)
    }
  }

  private func finishStream() {
    stream = nil
    if !isVersion10 { pending.append("0\r\n\r\n") }
    if sendPending() { finishAnswer() }
  }

  private func finishAnswer() {
    reactor.trimOutput()
    guard keepsAlive else { return linger() }
    beginHead()
  }
}
