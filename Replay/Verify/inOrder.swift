import Dispatch
import Foundation
import Synchronization

/// Makes outputs for the numbers below `count` on all cores and hands them to `consume` in order, on
/// the calling thread, until it gives false. Only some more are made meanwhile than were handed over.
///
/// - Parameter makeWorker: called once on each thread; what it gives is called on that thread alone.
/// - Throws: what makes no worker, or no output, before another was handed over in its place.
@available(*, noasync)
func inOrder<Output: Sendable>(
  count: Int, makeWorker: @escaping @Sendable () throws -> (Int) throws -> Output,
  consume: (Output) throws -> Bool
) throws {
  let workers = min(count, ProcessInfo.processInfo.activeProcessorCount)
  let outputs = OrderedOutputs<Output>(count: count, ahead: workers * 4)
  let group = DispatchGroup()
  let queue = DispatchQueue(label: "inOrder", attributes: .concurrent)
  for _ in 0..<workers {
    queue.async(group: group) { outputs.make(makeWorker) }
  }
  defer {
    outputs.end(workers)
    group.wait()
  }
  for number in 0..<count {
    guard try consume(outputs.take(number)) else { return }
  }
}

/// Outputs that are made in whatever order and taken in their own.
private final class OrderedOutputs<Output: Sendable>: Sendable {
  private struct State {
    var next = 0
    var made: [Int: Result<Output, any Error>] = [:]
    var isOver = false
  }

  private let count: Int
  private let state = Mutex(State())
  /// Counts how many more may be begun.
  private let room = DispatchSemaphore(value: 0)
  /// Counts what was made and not looked for.
  private let arrived = DispatchSemaphore(value: 0)

  init(count: Int, ahead: Int) {
    self.count = count
    for _ in 0..<ahead { room.signal() }
  }

  /// Makes outputs on this thread until there are no more to make.
  func make(_ makeWorker: () throws -> (Int) throws -> Output) {
    let worker = Result { try makeWorker() }
    while let number = begin() {
      let output = Result { try worker.get()(number) }
      state.withLock { $0.made[number] = output }
      arrived.signal()
    }
  }

  private func begin() -> Int? {
    room.wait()
    return state.withLock { state in
      guard !state.isOver, state.next < count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  /// Waits for an output and makes room for another.
  func take(_ number: Int) throws -> Output {
    while true {
      if let output = state.withLock({ $0.made.removeValue(forKey: number) }) {
        room.signal()
        return try output.get()
      }
      arrived.wait()
    }
  }

  /// Lets the workers end.
  func end(_ workers: Int) {
    state.withLock { $0.isOver = true }
    for _ in 0..<workers { room.signal() }
  }
}
