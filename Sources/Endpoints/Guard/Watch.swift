import Dispatch
import Foundation
import Ledger
import Projections
import Sequencer
import Synchronization

/// Looks once a second at what the loops saw, off the path of their answers, and sees to it that it
/// gets into the log when its minute is over: a thread of its own.
final class Watch: Sendable {
  private let observations: Observations
  private let ended = DispatchSemaphore(value: 0)

  private init(_ observations: Observations) { self.observations = observations }

  /// - Parameter onFault: called on the watch's thread when it cannot go on; audit data cannot be
  ///   read from then on.
  static func start(
    _ observations: Observations, _ gatekeeper: Gatekeeper, _ sequencer: Sequencer,
    _ state: StateStore, clock: any TimeSource = SystemTime(),
    onFault: @escaping @Sendable (any Error) -> Void
  ) -> Watch {
    let watch = Watch(observations)
    let thread = Thread {
      do {
        let book = DayBook(observations, gatekeeper, sequencer, try state.makeSnapshot())
        try run(observations, book, clock)
      } catch {
        observations.isCrowded.store(true, ordering: .relaxed)
        onFault(error)
      }
      watch.ended.signal()
    }
    thread.name = "watch"
    thread.start()
    return watch
  }

  private static func run(
    _ observations: Observations, _ book: DayBook, _ clock: any TimeSource
  ) throws {
    while observations.wait(hasLeft: !book.isEmpty) {
      let minute = Minute.beginning(clock)
      try book.read(observations.take())
      book.write(before: minute)
    }
    try book.read(observations.take())
    book.write(before: .max)
  }

  /// Writes what there is and ends. Nothing that is seen later gets into the log.
  @available(*, noasync)
  func close() {
    observations.close()
    ended.wait()
  }
}

/// The minutes that are summed.
enum Minute {
  /// The epoch second at which the present one began.
  static func beginning(_ clock: any TimeSource) -> Int64 { clock.wall() / 60_000_000 * 60 }
}
