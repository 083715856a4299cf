import Journal
import Ledger
import Metrics
import Sequencer
import Support
import Testing

@Suite("What the sequencer counts")
struct StatisticsTests {
  @Test("commits, events, tokens and outcomes are counted as they happen")
  func counts() throws {
    let scene = try Scene()
    let before = scene.sequencer.statistics
    #expect(before.batchEvents.sum == scene.journal.head)
    #expect(before.batchEvents.count == before.outcomes[.committed])
    #expect(before.tokensIssued == 0)
    scene.clock.advance(seconds: 5)
    let issued = try scene.events(scene.perform(scene.issueToken(1)))[0]
    let request = RequestDigest(key: "key", body: "body")
    for number: UInt64 in 2...3 {
      _ = scene.perform(.addClient(scene.addClient(number)), request: request)
    }
    _ = scene.perform(scene.issueToken(2, client: 9))
    let after = scene.sequencer.statistics
    #expect(after.tokensIssued == 1)
    #expect(after.batchEvents.count == before.batchEvents.count + 2)
    #expect(after.batchEvents.sum == scene.journal.head)
    #expect(after.commitMicroseconds.count == after.batchEvents.count)
    #expect(after.outcomes[.committed] == before.batchEvents.count + 2)
    #expect(after.outcomes[.repeated] == 1)
    #expect(after.outcomes[.rejected] == 1)
    #expect(after.lastEvent == issued.recorded)
    #expect(scene.sequencer.queueDepth == 0)
  }

  @Test("a new start counts from zero, but knows the last event")
  func restart() throws {
    let directory = try TemporaryDirectory()
    let journal = MemoryJournal()
    let scene = try Scene(directory, journal: journal)
    let last = try scene.events(scene.perform(scene.issueToken(1)))[0].recorded
    scene.sequencer.stop()
    scene.clock.advance(seconds: 60)
    let again = try Scene(directory, journal: journal, clock: scene.clock, begins: false)
    #expect(again.sequencer.statistics.batchEvents.count == 0)
    #expect(again.sequencer.statistics.lastEvent == last)
  }

  @Test("what was not written is counted as what it was")
  func failures() throws {
    let journal = MemoryJournal()
    let scene = try Scene(TemporaryDirectory(), journal: journal)
    let written = scene.sequencer.statistics.batchEvents
    journal.setRoom(false)
    _ = scene.perform(scene.issueToken(1))
    journal.setRoom(true)
    journal.failNextCommit()
    while case .unavailable(.noSpace) = scene.perform(scene.issueToken(2)) {}
    scene.sequencer.stop()
    _ = scene.perform(scene.issueToken(3))
    let statistics = scene.sequencer.statistics
    #expect(statistics.outcomes[.noSpace, default: 0] >= 1)
    #expect(statistics.outcomes[.unknown] == 1)
    #expect(statistics.outcomes[.stopping] == 1)
    #expect(statistics.batchEvents.counts == written.counts)
    #expect(statistics.tokensIssued == 0)
  }

  @Test("a commit takes as long as the journal takes")
  func durations() throws {
    let clock = ManualTime()
    let scene = try Scene(
      TemporaryDirectory(), journal: SlowJournal(clock), clock: clock)
    let commits = scene.sequencer.statistics.commitMicroseconds
    #expect(commits.count > 0)
    #expect(commits.sum == commits.count * 20_000)
  }
}

/// Needs twenty milliseconds for each append.
private final class SlowJournal: Journal {
  private let journal = MemoryJournal()
  private let clock: ManualTime

  init(_ clock: ManualTime) { self.clock = clock }

  var head: UInt64 { journal.head }

  func reserve() throws(JournalError) { try journal.reserve() }

  func append(_ events: [[UInt8]], at position: UInt64) throws(JournalError) {
    try journal.append(events, at: position)
    clock.advance(seconds: 0.02)
  }

  func makeReader() -> any JournalReader { journal.makeReader() }

  func usage() -> StorageUsage? { nil }
}
