import Foundation
import Journal
import Ledger
import Replay
import Support
import Testing

@Suite("replay verify")
struct VerificationTests {
  @Test("a good log is verified to its end")
  func good() throws {
    let scene = try Scene()
    let result = try verify(scene.journal)
    #expect(result.fault == nil)
    #expect(result.events == scene.journal.head)
  }

  /// What is changed in the stored text of one event, and what the report must say.
  static let damages: [(position: Int, from: String, to: String, says: String)] = [
    (2, "\"position\":2", "\"position\":7", "says that it is at 7"),
    (2, "\"name\":\"standard\"", "\"name\": \"standard\"", "cannot be read"),
    (2, "\"name\":\"standard\"", "\"label\":\"standard\"", "cannot be read"),
    (1, "key.activated", "key.forgotten", "not known"),
    (1, "\"revision\":1", "\"revision\":2", "not known"),
    (5, "2027-01", "2026-01", "before the event before it"),
    (3, "\"part\":[0,2],", "", "continues a command that is not there"),
    (3, "\"part\":[0,2]", "\"part\":[0,3]", "breaks into a command"),
    (6, "\"part\":[0,2]", "\"part\":[1,2]", "continues a command that is not there"),
    (4, "acc_", "chg_", "cannot be read"),
    (1, "f83OJ", "f84OJ", "no point of P-256"),
  ]

  @Test("each kind of damage is found at its place", arguments: damages.indices)
  func damage(_ index: Int) throws {
    let damage = Self.damages[index]
    let scene = try Scene()
    var events = try scene.journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
    let text = String(decoding: events[damage.position], as: UTF8.self)
    let changed = text.replacing(damage.from, with: damage.to)
    try #require(changed != text)
    events[damage.position] = Array(changed.utf8)
    let journal = MemoryJournal()
    try journal.append(events, at: 0)
    let fault = try #require(try verify(journal).fault)
    #expect(fault.description.contains(damage.says))
    // A part that is left out shows at the event behind it.
    #expect(abs(Int(try #require(fault.position)) - damage.position) <= 1)
  }

  @Test("a log without events is no ledger")
  func empty() throws {
    let fault = try verify(MemoryJournal()).fault
    #expect(fault?.position == 0)
    #expect(fault?.description.contains("is missing") == true)
  }

  @Test("a log that ends within a command is not whole")
  func torn() throws {
    let scene = try Scene()
    let events = try scene.journal.makeReader().events(from: 0, limit: 4, maximumBytes: .max)
    let journal = MemoryJournal()
    try journal.append(events, at: 0)
    let fault = try verify(journal).fault
    #expect(fault?.position == 4)
    #expect(fault?.description.contains("not whole") == true)
  }

  /// Segments are checked apart from each other.
  private static func long(_ change: (inout [[UInt8]]) -> Void) throws -> Verification {
    let scene = try Scene()
    let count = 2_100 - scene.journal.head
    for number in 0..<count { _ = try scene.events(scene.perform(scene.issueToken(number + 1))) }
    var events = try scene.journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
    change(&events)
    let journal = MemoryJournal()
    try journal.append(events, at: 0)
    var steps: [UInt64] = []
    let result = try verify(journal) { steps.append($0) }
    #expect(steps.last == result.events && steps == steps.sorted())
    return result
  }

  @Test("a log of more than one segment is verified to its end")
  func segments() throws {
    let result = try Self.long { _ in }
    #expect(result.fault == nil)
    #expect(result.events == 2_100)
  }

  @Test("a time that goes back is found where segments meet, and the first fault is told")
  func boundary() throws {
    let result = try Self.long { events in
      for position in [1_024, 2_050] {
        let text = String(decoding: events[position], as: UTF8.self)
        events[position] = Array(text.replacing("\"recorded\":\"2", with: "\"recorded\":\"1").utf8)
      }
      events[2_060] = Array("{}".utf8)
    }
    #expect(result.events == 1_024)
    #expect(result.fault?.position == 1_024)
    #expect(result.fault?.description.contains("cannot be read") == true)
  }

  @Test("a time before that of the segment before is found")
  func timeAcross() throws {
    let result = try Self.long { events in
      let text = String(decoding: events[1_024], as: UTF8.self)
      events[1_024] = Array(text.replacing("\"recorded\":\"2027", with: "\"recorded\":\"2026").utf8)
    }
    #expect(result.fault?.position == 1_024)
    #expect(
      result.fault?.description
        == "the event at position 1024 is recorded before the event before it")
  }

  @Test("a command that goes across segments must be whole")
  func commandAcross() throws {
    let scene = try Scene()
    while scene.journal.head < 1_023 {
      _ = try scene.events(scene.perform(scene.issueToken(scene.journal.head)))
    }
    _ = try scene.events(scene.perform(.addClient(scene.addClient(2))))
    let events = try scene.journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
    #expect(try verify(scene.journal).fault == nil)
    let cut = MemoryJournal()
    try cut.append(Array(events.prefix(1_024)), at: 0)
    #expect(try verify(cut).fault?.description.contains("not whole") == true)
    let broken = MemoryJournal()
    let other = String(decoding: events[1_024], as: UTF8.self)
      .replacing("\"recorded\":\"20", with: "\"recorded\":\"21")
    try broken.append(events.prefix(1_024) + [Array(other.utf8)] + events.dropFirst(1_025), at: 0)
    #expect(try verify(broken).fault?.position == 1_024)
  }

  @Test("swapped events are found")
  func swapped() throws {
    let scene = try Scene()
    var events = try scene.journal.makeReader().events(from: 0, limit: .max, maximumBytes: .max)
    events.swapAt(1, 2)
    let journal = MemoryJournal()
    try journal.append(events, at: 0)
    #expect(try verify(journal).fault?.position == 1)
  }
}

@Suite("replay rebuild and compare")
struct RebuildTests {
  @Test("the rebuilt state has the live digest")
  func equal() throws {
    let scene = try Scene()
    let scratch = try TemporaryDirectory()
    let result = try rebuild(scene.journal, in: scratch.path)
    #expect(result.digest == (try scene.digest()))
    #expect(result.events == scene.journal.head)
    #expect(result.position == scene.journal.head - 1)
  }

  @Test("an empty log has an empty state")
  func empty() throws {
    let scratch = try TemporaryDirectory()
    let result = try rebuild(MemoryJournal(), in: scratch.path)
    #expect(result.events == 0)
    #expect(result.position == nil)
  }
}
