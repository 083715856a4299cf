internal import Synchronization

/// What one loop owns: its connections, its handler, its buffers and its clock. Made and used on
/// the loop's thread alone.
final class Reactor {
  /// The limits that are times, in milliseconds.
  struct Times {
    let head, body, idle, write: Int64
    let linger: Int64 = 1000

    init(_ limits: Configuration.Limits) {
      head = Clock.milliseconds(limits.headSeconds)
      body = Clock.milliseconds(limits.bodySeconds)
      idle = Clock.milliseconds(limits.idleSeconds)
      write = Clock.milliseconds(limits.writeSeconds)
    }

    /// How often deadlines are looked at.
    var sweep: Int64 { max(min(head, body, idle, write, linger) / 4, 5) }
  }

  private enum Tag {
    static let wakeup = UInt64.max
    /// The listeners count down from here.
    static let listener = UInt64.max - 1
    static let firstListeners = listener - UInt64(Listener.maximumCount)
  }

  let limits: Configuration.Limits
  let trustedProxies: TrustedProxies
  let times: Times
  let poller: Poller
  private(set) var clock = Clock()
  /// Where received bytes arrive.
  var scratch = [UInt8](repeating: 0, count: 64 * 1024)
  /// Where answers are put together; filled and sent without other code in between.
  var output: [UInt8] = []
  private(set) var isDraining = false

  private let loop: Loop
  private let handler: any Handler
  private let requestIDs = RequestIDs()
  private var connections: [Connection?] = []
  private var vacant: [Int] = []
  private var lastIdentity: UInt32 = 0
  private var lastExchange: UInt64 = 0
  private var acceptors: [Acceptor] = []
  private var nextSweep: Int64 = 0
  private var drainDeadline = Int64.max

  init(
    loop: Loop, handler: any Handler, poller: Poller, configuration: Configuration
  ) {
    self.loop = loop
    self.handler = handler
    self.poller = poller
    limits = configuration.limits
    trustedProxies = configuration.trustedProxies
    times = Times(configuration.limits)
    output.reserveCapacity(16 * 1024)
  }

  /// Serves until drained.
  func serve(wakeup: Int32) {
    _ = poller.add(wakeup, .read, tag: Tag.wakeup)
    while !isFinished {
      let count = poller.wait(milliseconds: patience)
      clock.update()
      for index in 0..<count { dispatch(poller[index]) }
      if clock.now >= min(nextSweep, drainDeadline) { sweep() }
    }
  }

  /// New connections of the server come through this loop from now on.
  func listen(_ acceptor: Acceptor) {
    let tag = Tag.listener - UInt64(acceptors.count)
    acceptors.append(acceptor)
    acceptor.tag = tag
    _ = poller.add(acceptor.listener.descriptor, .read, tag: tag)
  }

  /// Serves a connection that is counted already.
  func adopt(_ arrival: Arrival) {
    guard let connection = open(arrival) else { return }
    if arrival.tls == nil, !arrival.peer.isLocal, !connection.isTrusted {
      connection.refuse(.plainFromStranger)
    } else if isDraining {
      closeIfIdle(connection)
    }
  }

  /// Takes a connection only to say that there are too many.
  func turnAway(_ arrival: Arrival) {
    open(arrival)?.refuse(.tooManyConnections)
  }

  func respond(_ response: Response, slot: Int, number: UInt64) {
    guard let connection = connections[slot], connection.exchange == number else {
      return response.cancelStream()
    }
    connection.answer(response)
  }

  func nextExchange() -> UInt64 {
    lastExchange += 1
    return lastExchange
  }

  func requestID(_ exchange: UInt64) -> String { requestIDs[exchange] }

  func setRoute(_ route: Int, slot: Int, number: UInt64) {
    guard let connection = connections[slot], connection.exchange == number else { return }
    connection.route = route
  }

  func handle(_ request: Request, slot: Int, number: UInt64) {
    let exchange = Exchange(loop: loop, slot: slot, number: number, requestID: request.id)
    handler.handle(request, exchange)
  }

  func report(
    _ event: LogRecord.Event, peer: String, requestID: String? = nil,
    clientCertificate: [UInt8]? = nil, status: Int? = nil
  ) {
    handler.note(
      LogRecord(
        event: event, peer: peer, requestID: requestID, clientCertificate: clientCertificate,
        status: status))
  }

  func forget(_ connection: Connection) {
    connections[connection.slot] = nil
    vacant.append(connection.slot)
    loop.connections.subtract(1, ordering: .relaxed)
  }

  /// Gives back the room that an unusually large answer took.
  func trimOutput() {
    if output.capacity > 256 * 1024 { output = [] }
  }

  /// Stops accepting, after what has connected already.
  func stopListening() {
    for acceptor in acceptors {
      acceptor.acceptPending(limit: 1024, on: self)
      acceptor.listener.close()
    }
    acceptors = []
  }

  /// Ends the loop when no request is in flight, or when the deadline passes.
  func drain(milliseconds: Int64) {
    guard !isDraining else { return }
    isDraining = true
    drainDeadline = clock.now + milliseconds
    for connection in connections {
      if let connection { closeIfIdle(connection) }
    }
  }

  private var hasConnections: Bool { vacant.count < connections.count }
  private var isFinished: Bool { isDraining && !hasConnections }

  /// How long to wait for events: for ever when no deadline runs.
  private var patience: Int32 {
    guard hasConnections || acceptors.contains(where: \.isPaused) else { return -1 }
    let next = min(nextSweep, drainDeadline)
    return Int32(clamping: max(next - clock.now, 0) + 1)
  }

  private func dispatch(_ event: Poller.Event) {
    switch event.tag {
    case Tag.wakeup: loop.runInbox()
    case Tag.firstListeners...Tag.listener: accept(Int(Tag.listener - event.tag))
    default:
      let slot = Int(event.tag >> 32)
      guard let connection = connections[slot],
        connection.identity == UInt32(truncatingIfNeeded: event.tag)
      else { return }
      if event.isBroken { return connection.leave() }
      if event.isReadable { connection.readable() }
      if event.isWritable { connection.writable() }
    }
  }

  private func accept(_ index: Int) {
    // An event of a listener may stand behind the work that closed it.
    guard index < acceptors.count else { return }
    acceptors[index].acceptPending(limit: 64, on: self)
  }

  private func open(_ arrival: Arrival) -> Connection? {
    guard let socket = Socket(arrival) else {
      loop.connections.subtract(1, ordering: .relaxed)
      return nil
    }
    lastIdentity &+= 1
    let slot = vacant.popLast() ?? connections.count
    if slot == connections.count { connections.append(nil) }
    let connection = Connection(
      slot: slot, identity: lastIdentity, peer: arrival.peer, socket: socket, reactor: self)
    connections[slot] = connection
    guard poller.add(socket.descriptor, .read, tag: connection.tag) else {
      connection.close()
      return nil
    }
    return connection
  }

  /// Reads first: a request that has come must not be lost.
  private func closeIfIdle(_ connection: Connection) {
    if connection.isIdle { connection.readable() }
    if connection.isIdle { connection.close() }
  }

  private func sweep() {
    nextSweep = clock.now + times.sweep
    for acceptor in acceptors { acceptor.resume(on: self) }
    for connection in connections {
      guard let connection else { continue }
      if clock.now >= drainDeadline {
        connection.abandon()
      } else if clock.now >= connection.deadline {
        connection.expire()
      }
    }
  }
}
