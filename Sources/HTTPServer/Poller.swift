internal import CLinux
internal import Glibc

/// Level-triggered readiness of descriptors, each with a tag of the caller's.
///
/// Safe: the pointer that an event could hold is never used, only the number in its place.
@safe final class Poller {
  struct Event {
    let tag: UInt64
    private let events: UInt32

    fileprivate init(_ event: epoll_event) {
      tag = unsafe event.data.u64
      events = unsafe event.events
    }

    var isReadable: Bool { events & Interest.read.rawValue != 0 }
    var isWritable: Bool { events & Interest.write.rawValue != 0 }
    /// The peer is gone in both directions.
    var isBroken: Bool { events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 }
  }

  struct Interest: OptionSet {
    let rawValue: UInt32
    static let read = Interest(rawValue: EPOLLIN.rawValue)
    static let write = Interest(rawValue: EPOLLOUT.rawValue)
  }

  private let descriptor: Int32
  private var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)

  init() throws(ServerError) {
    descriptor = linux_epoll()
    guard descriptor >= 0 else { throw .system("make an epoll instance") }
  }

  deinit { close(descriptor) }

  /// False when the system has no room to watch another descriptor.
  func add(_ watched: Int32, _ interest: Interest, tag: UInt64) -> Bool {
    linux_epoll_set(descriptor, EPOLL_CTL_ADD, watched, interest.rawValue, tag) == 0
  }

  func change(_ watched: Int32, _ interest: Interest, tag: UInt64) {
    _ = linux_epoll_set(descriptor, EPOLL_CTL_MOD, watched, interest.rawValue, tag)
  }

  /// Waits that many milliseconds, or for ever when negative; gives the number of events.
  func wait(milliseconds: Int32) -> Int {
    let capacity = unsafe Int32(events.count)
    return max(Int(unsafe epoll_wait(descriptor, &events, capacity, milliseconds)), 0)
  }

  /// An event of the last wait.
  subscript(index: Int) -> Event { unsafe Event(events[index]) }
}
