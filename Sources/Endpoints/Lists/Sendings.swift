import Synchronization

/// How many whole lists are being sent now.
final class Sendings: Sendable {
  /// More are refused: each has a reader of the log and one of the state to itself, and of either
  /// there are 512 for all processes.
  static let limit = 64

  private let count = Atomic(0)

  /// `end` has to follow.
  ///
  /// - Throws: a `Problem` with the status 503 when too many are being sent.
  func begin() throws(Problem) {
    guard count.add(1, ordering: .relaxed).newValue <= Self.limit else {
      end()
      throw .busy
    }
  }

  func end() { count.subtract(1, ordering: .relaxed) }
}
