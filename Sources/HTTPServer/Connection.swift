internal import Networks

/// One client's connection: a state machine over the bytes that come and go. It belongs to its
/// reactor's thread. One request is in flight at a time; what a client sends ahead stays in the
/// socket, or, if it came along with the request, in `input`.
final class Connection {
  enum Phase {
    /// Between requests, or within a head.
    case head
    case body, chunks
    /// The handler has the request.
    case handling
    /// An answer waits for room in the socket, or for the next part of its stream.
    case sending
    /// The last answer is sent; what the client still sends is dropped, so that closing does
    /// not destroy the answer on its way.
    case lingering
    case closed
  }

  let slot: Int
  /// Tells the connections of a slot apart.
  let identity: UInt32
  let peer: Peer
  /// Whether the peer may say for whom it speaks.
  let isTrusted: Bool
  let socket: Socket
  let reactor: Reactor

  var phase = Phase.head
  /// When something must have happened, in milliseconds of the reactor's clock.
  var deadline: Int64
  private var interest = Poller.Interest.read
  /// Guards against answering within answering: who advances already, goes on.
  private var isAdvancing = false

  // The request that is being read.
  private var input: [UInt8] = []
  private var consumed = 0
  private var scanner = HeadScanner()
  /// False between an answer and the first byte of the next request.
  private(set) var headStarted = true
  private var mayBeginWithEmptyLine = true
  /// Its head is whole, its body is not.
  private var request: Request?
  /// The number that its exchange will have.
  private var number: UInt64 = 0
  private var body: [UInt8] = []
  private var bodyLeft = 0
  private var chunks = ChunkedDecoder(maximumBody: 0, maximumOverhead: 0)

  // The request that is being answered.
  /// The number of the exchange that may answer; 0 when none may.
  var exchange: UInt64 = 0
  var isHead = false
  var isVersion10 = false
  var keepsAlive = true
  var pending: [UInt8] = []
  var pendingSent = 0
  var stream: (any BodyStream)?
  /// To be asked for only once a request has come: it does not change after the handshake.
  private(set) lazy var clientCertificate = socket.clientCertificate
  /// For whom the request in flight is made: the peer, or the client that a trusted proxy names.
  private(set) var client: String
  /// The id of the request in flight, or of the one that was refused.
  var requestID: String?
  /// What the handler says that the request is for.
  var route = 0
  private(set) var method = ""
  private(set) var path = ""
  /// When the request was whole, in microseconds.
  private(set) var requestStart: UInt64 = 0

  private var lingered = 0
  private static let maximumLingered = 64 * 1024
  /// Input of at most this capacity is kept for the next request.
  private static let keptCapacity = 4096

  init(slot: Int, identity: UInt32, peer: Peer, socket: Socket, reactor: Reactor) {
    self.slot = slot
    self.identity = identity
    self.peer = peer
    isTrusted = peer.isTrusted(by: reactor.trustedProxies)
    client = peer.text
    self.socket = socket
    self.reactor = reactor
    deadline = reactor.clock.now + reactor.times.head
  }

  var tag: UInt64 { UInt64(slot) << 32 | UInt64(identity) }

  /// Whether no byte of a request has come since the last answer.
  var isIdle: Bool { phase == .head && consumed == input.count }

  func readable() {
    switch phase {
    case .head, .body, .chunks: receive()
    case .handling: watch([])
    case .sending: watch(.write)
    case .lingering: discard()
    case .closed: break
    }
  }

  /// Works through what has been received, request after request, as far as it goes.
  func advance() {
    guard !isAdvancing else { return }
    isAdvancing = true
    do throws(Refusal) {
      while try step() {}
    } catch {
      refuse(error)
    }
    isAdvancing = false
    compact()
  }

  func watch(_ wanted: Poller.Interest) {
    guard wanted != interest else { return }
    interest = wanted
    reactor.poller.change(socket.descriptor, wanted, tag: tag)
  }

  /// Ready for the next request.
  func beginHead() {
    phase = .head
    scanner = HeadScanner()
    headStarted = false
    isHead = false
    requestID = nil
    if isTrusted { client = peer.text }
    mayBeginWithEmptyLine = true
    deadline = reactor.clock.now + reactor.times.idle
    watch(.read)
    advance()
  }

  /// Sends no more, and waits a moment for the client to have read.
  func linger() {
    socket.finishSending()
    phase = .lingering
    deadline = reactor.clock.now + reactor.times.linger
    input = []
    consumed = 0
    watch(.read)
  }

  private func receive() {
    switch socket.receive(into: &reactor.scratch) {
    case .bytes(let count):
      input.append(contentsOf: reactor.scratch[..<count])
      advance()
    case .nothing: watch(.read)
    case .needsRoom: watch(.write)
    case .end, .failed: leave()
    case .handshakeFailed(let reason): abandonHandshake(reason)
    }
  }

  private func discard() {
    switch socket.receive(into: &reactor.scratch) {
    case .bytes(let count):
      lingered += count
      if lingered > Connection.maximumLingered { close() }
    case .nothing: break
    case .needsRoom, .end, .failed, .handshakeFailed: close()
    }
  }

  /// One step of reading; false when it needs more bytes, or the client its answer.
  private func step() throws(Refusal) -> Bool {
    switch phase {
    case .head: try takeHead()
    case .body: takeBody()
    case .chunks: try takeChunks()
    case .handling, .sending, .lingering, .closed: false
    }
  }

  private func takeHead() throws(Refusal) -> Bool {
    guard consumed < input.count else { return false }
    if !headStarted {
      headStarted = true
      deadline = reactor.clock.now + reactor.times.head
    }
    guard skipEmptyLine() else { return false }
    let maximum = reactor.limits.headBytes
    guard let end = try scanner.end(in: input, from: consumed) else {
      guard input.count - consumed <= maximum else { throw .headTooLarge }
      return false
    }
    guard end <= maximum else { throw .headTooLarge }
    let bytes = Array(input[consumed..<consumed + end])
    consumed += end
    try begin(RequestHead(bytes, maximumFields: reactor.limits.headers))
    return true
  }

  /// One empty line before a request line is skipped, RFC 9112, section 2.2. False when the
  /// first byte may begin one and the second has not come.
  private func skipEmptyLine() -> Bool {
    guard mayBeginWithEmptyLine, input[consumed] == .carriageReturn else { return true }
    guard input.count - consumed >= 2 else { return false }
    mayBeginWithEmptyLine = false
    if input[consumed + 1] == .lineFeed { consumed += 2 }
    return consumed < input.count
  }

  private func begin(_ head: RequestHead) throws(Refusal) {
    isHead = head.method == "HEAD"
    isVersion10 = head.isVersion10
    keepsAlive = head.keepsAlive
    let request = try receive(head)
    let maximum = reactor.limits.bodyBytes
    switch head.length {
    case .none:
      return dispatch(request)
    case .fixed(let length):
      guard length <= maximum else { throw .bodyTooLarge }
      bodyLeft = length
      body.reserveCapacity(min(length, reactor.scratch.count))
      phase = .body
    case .chunked:
      chunks = ChunkedDecoder(
        maximumBody: maximum, maximumOverhead: reactor.limits.headBytes)
      phase = .chunks
    }
    self.request = request
    deadline = reactor.clock.now + reactor.times.body
    if head.expectsContinue, consumed == input.count { sendContinue() }
  }

  private func takeBody() -> Bool {
    let count = min(bodyLeft, input.count - consumed)
    body.append(contentsOf: input[consumed..<consumed + count])
    consumed += count
    bodyLeft -= count
    guard bodyLeft == 0 else { return false }
    finishBody()
    return true
  }

  private func takeChunks() throws(Refusal) -> Bool {
    consumed += try chunks.decode(input, from: consumed, into: &body)
    guard chunks.isComplete else { return false }
    finishBody()
    return true
  }

  private func finishBody() {
    guard var request else { return }
    request.body = body
    self.request = nil
    body = []
    dispatch(request)
  }

  private func dispatch(_ request: Request) {
    phase = .handling
    deadline = .max
    exchange = number
    (method, path, route) = (request.method, request.path, 0)
    requestStart = Clock.microseconds
    reactor.handle(request, slot: slot, number: exchange)
  }

  /// The request that a head begins. From here on it has its id, whatever becomes of it.
  private func receive(_ head: RequestHead) throws(Refusal) -> Request {
    number = reactor.nextExchange()
    var request = Request(
      head, peer: client, isLocal: peer.isLocal, id: reactor.requestID(number),
      clientCertificate: clientCertificate)
    requestID = request.id
    if isTrusted { try listen(to: &request) }
    return request
  }

  /// Believes what a trusted proxy says of the request's id and of the client.
  private func listen(to request: inout Request) throws(Refusal) {
    request.isFromTrustedProxy = true
    if let id = request.header("x-request-id"), id.isRequestID {
      request.id = id
      requestID = id
    }
    let hops = request.headers(named: "x-forwarded-for")
    guard let client = try reactor.trustedProxies.client(hops) else { return }
    self.client = client.description
    request.peer = self.client
  }

  /// Forgets what has been consumed.
  private func compact() {
    if consumed == input.count, input.capacity <= Connection.keptCapacity {
      input.removeAll(keepingCapacity: true)
    } else if consumed == input.count {
      input = []
    } else {
      input.removeSubrange(..<consumed)
    }
    consumed = 0
  }
}
