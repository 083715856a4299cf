import Foundation
import Synchronization
import Testing

@testable import Replay

@Suite("Work on all cores whose outputs are taken in order")
struct InOrderTests {
  private struct Refusal: Error, Equatable { let number: Int }

  /// Takes longer for every third, so that others overtake it.
  @Sendable private static func square(_ number: Int) -> Int {
    if number % 3 == 0 { usleep(500) }
    return number * number
  }

  @Test("outputs come in order, all of them", arguments: [0, 1, 2, 100])
  func order(_ count: Int) throws {
    var taken: [Int] = []
    let makeWorker = { @Sendable () in Self.square }
    try inOrder(count: count, makeWorker: makeWorker) { output in
      taken.append(output)
      return true
    }
    #expect(taken == (0..<count).map { $0 * $0 })
  }

  @Test("what is not wanted any more is not made")
  func early() throws {
    let made = Mutex(0)
    var taken = 0
    let work = { @Sendable (number: Int) in
      made.withLock { $0 += 1 }
      return number
    }
    let makeWorker = { @Sendable () in work }
    try inOrder(count: 1_000_000, makeWorker: makeWorker) { _ in
      taken += 1
      return taken < 10
    }
    #expect(taken == 10)
    #expect(made.withLock { $0 } < 10_000)
  }

  @Test("an error comes in the place of its output")
  func error() throws {
    var taken: [Int] = []
    let work = { @Sendable (number: Int) throws -> Int in
      guard number != 7, number != 9 else { throw Refusal(number: number) }
      return number
    }
    let makeWorker = { @Sendable () in work }
    #expect(throws: Refusal(number: 7)) {
      try inOrder(count: 50, makeWorker: makeWorker) { output in
        taken.append(output)
        return true
      }
    }
    #expect(taken == Array(0..<7))
  }

  @Test("without a worker there is nothing")
  func noWorker() throws {
    let make = { @Sendable () throws -> @Sendable (Int) -> Int in throw Refusal(number: -1) }
    #expect(throws: Refusal(number: -1)) {
      try inOrder(count: 5, makeWorker: make) { _ in true }
    }
  }
}
