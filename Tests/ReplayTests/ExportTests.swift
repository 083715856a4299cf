import CanonicalJSON
import Ledger
import Replay
import Support
import Testing

@Suite("replay export")
struct ExportTests {
  /// A journal of the recorded ledger that has every type of event, changed or not.
  private static func journal(
    _ change: (inout [[UInt8]]) -> Void = { _ in }
  ) throws -> (MemoryJournal, [[UInt8]]) {
    var events = try RecordedLedger(name: "every-kind").events()
    change(&events)
    let journal = MemoryJournal()
    try journal.append(events, at: 0)
    return (journal, events)
  }

  private static func lines(_ format: ExportFormat, _ journal: MemoryJournal) throws -> [[UInt8]] {
    var bytes: [UInt8] = []
    _ = try export(journal, ExportSelection(), as: format) { bytes += $0 }
    return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  @Test("the stored bytes, a line each")
  func stored() throws {
    let (journal, events) = try Self.journal()
    let lines = try Self.lines(.ndjson, journal)
    #expect(lines.elementsEqual(events))
  }

  @Test("every type of event is one canonical line", arguments: [ExportFormat.cloudevents, .ocsf])
  func everyType(_ format: ExportFormat) throws {
    let (journal, events) = try Self.journal()
    let lines = try Self.lines(format, journal)
    #expect(lines.count == events.count)
    for line in lines { #expect(throws: Never.self) { try JSON.parseCanonical(line) } }
  }

  @Test(
    "damage stops an export at its event",
    arguments: [
      (ExportFormat.cloudevents, "{", "{ "), (.ocsf, "\"revision\":2", "\"revision\":99"),
      (.csv, "{", "{ "), (.ndjson, "{", "{\n"), (.cloudevents, "\"recorded\":", "\"record\":"),
    ])
  func damage(_ format: ExportFormat, _ from: String, _ to: String) throws {
    let (journal, _) = try Self.journal { events in
      let text = String(decoding: events[9], as: UTF8.self)
      events[9] = Array(text.replacing(from, with: to, maxReplacements: 1).utf8)
    }
    let error = #expect(throws: UnreadableEvent.self) { _ = try Self.lines(format, journal) }
    #expect(error?.position == 9)
  }

  @Test("a log that does not begin with a ledger is none")
  func beginning() throws {
    let (journal, _) = try Self.journal { $0.removeFirst() }
    #expect(throws: UnreadableEvent.self) { _ = try Self.lines(.ndjson, journal) }
    #expect(throws: UnreadableEvent.self) { _ = try Self.lines(.ndjson, MemoryJournal()) }
  }
}
