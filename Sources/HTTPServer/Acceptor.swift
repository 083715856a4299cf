internal import Synchronization

/// Accepts for all loops on one of them, and gives each connection to the loop that has fewest:
/// long-lived connections spread evenly, which neither `SO_REUSEPORT` (by hash) nor
/// `EPOLLEXCLUSIVE` (to whoever wakes first) does. Used on its loop's thread alone.
final class Acceptor {
  let listener: Listener
  /// Whether accepting failed, for want of descriptors or memory, and waits to be tried again.
  private(set) var isPaused = false

  private let loops: [Loop]
  private let maximum: Int
  /// Connections over the maximum that are told so; those beyond are closed without a word.
  private static let turnedAwayAtOnce = 64

  init(listener: Listener, loops: [Loop], maximum: Int) {
    self.listener = listener
    self.loops = loops
    self.maximum = maximum
  }

  func acceptPending(limit: Int, on reactor: Reactor) {
    for _ in 0..<limit {
      switch listener.accept() {
      case .connection(let socket, let peer): place(socket, peer, reactor)
      case .nothing: return
      case .failed(let code): return pause(code, reactor)
      }
    }
  }

  func resume(on reactor: Reactor) {
    guard isPaused else { return }
    isPaused = false
    reactor.watchListener(listener, .read)
  }

  private func pause(_ code: Int32, _ reactor: Reactor) {
    isPaused = true
    reactor.watchListener(listener, [])
    reactor.report(.acceptFailed(code: code), peer: "")
  }

  private func place(_ socket: Socket, _ peer: String, _ reactor: Reactor) {
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
      least.adopt(socket, peer: peer)
    } else if total < maximum + Acceptor.turnedAwayAtOnce {
      loops[0].connections.add(1, ordering: .relaxed)
      reactor.turnAway(socket, peer: peer)
    } else {
      reactor.report(.refused(.tooManyConnections), peer: peer)
      socket.close()
    }
  }
}
