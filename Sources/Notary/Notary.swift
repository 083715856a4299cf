import Dispatch
import Foundation
package import MerkleLog
import Synchronization

/// Signs for a growing log, on a thread of its own: once a second at most, and at the end. An event
/// is covered by a checkpoint a second after it was recorded. A log that rests is not signed again.
package final class Notary: Sendable {
  /// Seconds from one checkpoint to the next, at least.
  private static let interval = 1.0
  /// Seconds between two looks at a log that rests.
  private static let pause = 0.25
  /// How many may wait for a checkpoint.
  private static let waitingLimit = 1_024

  private struct Waiting {
    let position: UInt64
    let answer: @Sendable (Publication?) -> Void
  }

  private enum End {
    case signing, atOnce
  }

  private struct Shared {
    var publication: Publication
    var waiting: [Waiting] = []
    /// How often signing failed.
    var failures: UInt64 = 0
    /// How the thread is to end; nil while it is not.
    var end: End?

    mutating func takeWaiting(below size: UInt64 = .max) -> [Waiting] {
      let taken = waiting.filter { $0.position < size }
      waiting.removeAll { $0.position < size }
      return taken
    }
  }

  /// The public half of the log's key.
  package let verifier: NoteVerifier
  private let shared: Mutex<Shared>
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  private init(_ signing: Signing) {
    verifier = signing.signer.verifier
    shared = Mutex(Shared(publication: signing.publication))
  }

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - signing: belongs to the thread from now on.
  ///   - onChange: called on the thread with why nothing can be signed, once for each reason, and
  ///     with nil when it can again.
  package static func start(
    _ signing: sending Signing, onChange: @escaping @Sendable ((any Error)?) -> Void
  ) -> Notary {
    let notary = Notary(signing)
    nonisolated(unsafe) let signing = signing
    let thread = Thread {
      unsafe notary.run(signing, onChange)
      notary.ended.signal()
    }
    thread.name = "notary"
    thread.start()
    return notary
  }

  /// The last checkpoint that is durable. Any thread.
  package var publication: Publication { shared.withLock { $0.publication } }

  /// How often a checkpoint could not be made. Any thread.
  package var failures: UInt64 { shared.withLock { $0.failures } }

  /// Gives a checkpoint that covers a position below the log's head: at once, or within a second on
  /// the notary's thread. Nil when none could be made, or too many wait. Any thread.
  package func cover(
    _ position: UInt64, _ answer: @escaping @Sendable (Publication?) -> Void
  ) {
    let found = shared.withLock { shared -> Publication?? in
      if position < shared.publication.size { return shared.publication }
      if shared.end != nil || shared.waiting.count >= Self.waitingLimit { return .some(nil) }
      shared.waiting.append(Waiting(position: position, answer: answer))
      return nil
    }
    if let found { answer(found) }
  }

  /// Signs for what was added and ends the thread; later events are not signed for.
  ///
  /// - Parameter isWell: false when the log could not be written: then nothing is signed any more.
  @available(*, noasync)
  package func stop(isWell: Bool = true) {
    shared.withLock { $0.end = isWell ? .signing : .atOnce }
    wake.signal()
    ended.wait()
  }

  private func run(_ signing: Signing, _ onChange: ((any Error)?) -> Void) {
    var trouble: String?
    var seconds = 0.0
    var end: End?
    while end == nil {
      _ = wake.wait(timeout: .now() + seconds)
      end = shared.withLock { $0.end }
      if end == .atOnce { break }
      do {
        seconds = try sign(signing) ? Self.interval : Self.pause
        if trouble != nil { onChange(nil) }
        trouble = nil
      } catch {
        seconds = Self.interval
        if trouble != "\(error)" { onChange(error) }
        trouble = "\(error)"
        fail()
      }
    }
    answer(shared.withLock { $0.takeWaiting() }, nil)
  }

  /// Signs and answers those whose positions are covered; false when there is nothing to sign for.
  private func sign(_ signing: Signing) throws -> Bool {
    guard try signing.sign() else { return false }
    let publication = signing.publication
    let covered = shared.withLock { shared in
      shared.publication = publication
      return shared.takeWaiting(below: publication.size)
    }
    answer(covered, publication)
    return true
  }

  private func fail() {
    let waiting = shared.withLock { shared in
      shared.failures += 1
      return shared.takeWaiting()
    }
    answer(waiting, nil)
  }

  private func answer(_ waiting: [Waiting], _ publication: Publication?) {
    for entry in waiting { entry.answer(publication) }
  }
}
