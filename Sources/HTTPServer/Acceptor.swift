internal import Glibc
internal import Synchronization

/// Accepts for all loops on one of them, and gives each connection to the loop that has fewest:
/// long-lived connections spread evenly, which neither `SO_REUSEPORT` (by hash) nor
/// `EPOLLEXCLUSIVE` (to whoever wakes first) does. Used on its loop's thread alone.
final class Acceptor {
  let listener: Listener
  /// What its reactor's poller knows it by.
  var tag: UInt64 = 0
  /// Whether accepting failed, for want of descriptors or memory, and waits to be tried again.
  private(set) var isPaused = false

  private let loops: [Loop]
  /// What new connections get; nil for plain HTTP.
  private let tls: TLSSource?
  private let maximum: Int
  /// Connections over the maximum that are told so; those beyond are closed without a word.
  private static let turnedAwayAtOnce = 64

  init(listener: Listener, tls: TLSSource?, loops: [Loop], maximum: Int) {
    self.listener = listener
    self.tls = tls
    self.loops = loops
    self.maximum = maximum
  }

  func acceptPending(limit: Int, on reactor: Reactor) {
    for _ in 0..<limit {
      switch listener.accept() {
      case .connection(let descriptor, let peer):
        place(Arrival(descriptor: descriptor, peer: peer, tls: tls?.current), reactor)
      case .nothing: return
      case .failed(let code): return pause(code, reactor)
      }
    }
  }

  func resume(on reactor: Reactor) {
    guard isPaused else { return }
    isPaused = false
    reactor.poller.change(listener.descriptor, .read, tag: tag)
  }

  private func pause(_ code: Int32, _ reactor: Reactor) {
    isPaused = true
    reactor.poller.change(listener.descriptor, [], tag: tag)
    reactor.report(.acceptFailed(code: code), peer: "")
  }

  private func place(_ arrival: Arrival, _ reactor: Reactor) {
    var least = loops[0]
    var fewest = Int.max
    var total = 0
    for loop in loops {
      let count = loop.connections.load(ordering: .relaxed)
      total += count
      if count < fewest { (least, fewest) = (loop, count) }
    }
    if total < maximum {
      least.connections.add(1, ordering: .relaxed)
      least.adopt(arrival)
    } else if total < maximum + Acceptor.turnedAwayAtOnce {
      loops[0].connections.add(1, ordering: .relaxed)
      reactor.turnAway(arrival)
    } else {
      reactor.report(.refused(.tooManyConnections), peer: arrival.peer.text)
      close(arrival.descriptor)
    }
  }
}

/// The TLS context that connections begin with, which may be replaced while they do.
final class TLSSource: Sendable {
  private let context: Mutex<TLSContext>

  init(_ files: TLSFiles) throws(ServerError) { context = Mutex(try TLSContext.load(files)) }

  var current: TLSContext { context.withLock { $0 } }

  /// - Throws: `tls`, and the old context stays.
  func reload(_ files: TLSFiles) throws(ServerError) {
    let new = try TLSContext.load(files)
    context.withLock { $0 = new }
  }
}
