internal import Dispatch
internal import Glibc
internal import Synchronization

/// A strict, bounded HTTP/1.1 server: RFC 9110 and RFC 9112 without their tolerances. It knows
/// nothing of what it serves, and writes nothing but answers.
package final class Server: Sendable {
  /// Where it is to be reached, in the order of the configuration.
  package let endpoints: [Endpoint]
  private let tls: TLSSource?
  private let tlsFiles: TLSFiles?
  private let loops: [Loop]
  private let running: DispatchGroup

  /// Listening when it returns, and until drained.
  /// The loops' threads inherit the caller's signal mask: signals that one thread is to wait for
  /// must be blocked before.
  /// - Parameter makeHandler: called once on each loop's thread, before the first request.
  /// - Throws: when an address is taken or would carry plain HTTP where it must not, when the
  ///   configuration is out of range, when TLS cannot use its files, when the system refuses, or
  ///   when `makeHandler` throws. No thread and no socket is left then.
  package static func start(
    _ configuration: Configuration, makeHandler: @escaping @Sendable (Loop) throws -> any Handler
  ) throws(ServerError) -> Server {
    try configuration.validate()
    var listeners: [Listener] = []
    do throws(ServerError) {
      for address in configuration.addresses { listeners += try Listener.open(address) }
      guard listeners.count <= Listener.maximumCount else {
        throw ServerError(
          code: .invalidConfiguration,
          description: "There are more than \(Listener.maximumCount) addresses to listen on.")
      }
      let server = try Server(configuration, listeners)
      try server.launch(configuration, makeHandler)
      server.accept(from: listeners, maximum: configuration.limits.connections)
      return server
    } catch {
      for listener in listeners { listener.close() }
      throw error
    }
  }

  private init(_ configuration: Configuration, _ listeners: [Listener]) throws(ServerError) {
    var loops: [Loop] = []
    for index in 0..<configuration.loops { loops.append(try Loop(index: index)) }
    self.loops = loops
    tlsFiles = configuration.tls
    if let files = configuration.tls { tls = try TLSSource(files) } else { tls = nil }
    endpoints = listeners.map { configuration.endpoint($0.address) }
    running = DispatchGroup()
    for endpoint in endpoints { try configuration.permit(endpoint) }
  }

  /// Reads the files of TLS again: connections that begin from now on use what is there. Those
  /// that are open go on; sessions from before are not resumed.
  ///
  /// - Returns: false without TLS.
  /// - Throws: `tls`, and everything stays as it was.
  package func reloadTLS() throws(ServerError) -> Bool {
    guard let tls, let tlsFiles else { return false }
    try tls.reload(tlsFiles)
    return true
  }

  /// Stops accepting, lets requests in flight be answered, closes idle connections; returns when
  /// all loops ended, at most `deadline` seconds later (then what is left is cut). A second call
  /// only waits. Not to be called on a loop's thread.
  @available(*, noasync)
  package func drain(deadline seconds: Double) {
    precondition(!loops.contains { $0.isCurrent }, "a loop cannot wait for itself")
    let milliseconds = Clock.milliseconds(seconds)
    let loops = loops
    // The first loop passes connections on, so the others stop after it has stopped accepting.
    loops[0].withReactor { reactor in
      reactor.stopListening()
      for loop in loops { loop.withReactor { $0.drain(milliseconds: milliseconds) } }
    }
    _ = running.wait(timeout: .now() + seconds + 0.5)
  }

  private func launch(
    _ configuration: Configuration, _ makeHandler: @escaping @Sendable (Loop) throws -> any Handler
  ) throws(ServerError) {
    let starting = Starting(count: loops.count)
    for loop in loops {
      running.enter()
      let started = Thread.start { [running] in
        defer { running.leave() }
        Thread.blockBrokenPipes()
        guard let reactor = starting.prepare(loop, configuration, makeHandler) else { return }
        loop.serve(reactor)
      }
      if !started {
        running.leave()
        starting.fail(.system("start a thread"))
      }
    }
    guard let error = starting.wait() else { return }
    for loop in loops { loop.withReactor { $0.drain(milliseconds: 0) } }
    running.wait()
    for loop in loops { loop.abandon() }
    throw error
  }

  private func accept(from listeners: [Listener], maximum: Int) {
    let (loops, tls) = (loops, tls)
    let secured = endpoints.map(\.isSecure)
    loops[0].withReactor { reactor in
      for (listener, isSecure) in zip(listeners, secured) {
        reactor.listen(
          Acceptor(
            listener: listener, tls: isSecure ? tls : nil, loops: loops, maximum: maximum))
      }
    }
  }
}

/// Gathers how the start of each loop went.
private final class Starting: Sendable {
  private let error = Mutex<ServerError?>(nil)
  private let pending = DispatchGroup()

  init(count: Int) {
    for _ in 0..<count { pending.enter() }
  }

  /// On the loop's thread; nil when it cannot serve.
  func prepare(
    _ loop: Loop, _ configuration: Configuration,
    _ makeHandler: @Sendable (Loop) throws -> any Handler
  ) -> Reactor? {
    do {
      let poller = try Poller()
      let handler = try makeHandler(loop)
      pending.leave()
      return Reactor(
        loop: loop, handler: handler, poller: poller, configuration: configuration)
    } catch let failure as ServerError {
      fail(failure)
    } catch {
      fail(ServerError(code: .handler, description: "Cannot make a handler: \(error)."))
    }
    return nil
  }

  func fail(_ failure: ServerError) {
    error.withLock { $0 = $0 ?? failure }
    pending.leave()
  }

  func wait() -> ServerError? {
    pending.wait()
    return error.withLock { $0 }
  }
}

private enum Thread {
  /// OpenSSL writes to sockets whose peer may be gone; for this thread that is an error only.
  static func blockBrokenPipes() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs the body on a new, detached thread; false when the system refuses one.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let box = unsafe Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      unsafe box.release()
      errno = code
      return false
    }
    return pthread_detach(thread) == 0
  }
}
