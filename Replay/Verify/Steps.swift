import Glibc

/// What a reading process tells the one that started it: after or before each thing it does, a
/// number of eight bytes that only grows.
package struct Steps: Sendable {
  /// Where a reading process finds the pipe.
  package static let descriptor: Int32 = 3

  private let descriptor: Int32

  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Ends the program when nobody listens any more.
  package func tell(_ step: UInt64) {
    var step = step
    guard unsafe write(descriptor, &step, 8) == 8 else { exit(SIGPIPE) }
  }
}

/// The other end.
struct StepReader {
  private(set) var last: UInt64?
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Reads until the other side is closed; false when nothing came for a minute.
  mutating func readToEnd() -> Bool {
    while isReadable() {
      guard readSome() else { return true }
    }
    return false
  }

  /// Waits in halves: time that passes while both processes are stopped is only one of them.
  private func isReadable() -> Bool {
    (0..<2).contains { _ in
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      var found: Int32
      repeat { found = unsafe poll(&state, 1, 30_000) } while found == -1 && errno == EINTR
      return found == 1
    }
  }

  /// Every write is of eight bytes, so every read is of whole steps.
  private mutating func readSome() -> Bool {
    var steps = [UInt64](repeating: 0, count: 512)
    let count = unsafe read(descriptor, &steps, steps.count * 8)
    guard count >= 8 else { return count == -1 && errno == EINTR }
    last = steps[count / 8 - 1]
    return true
  }
}
