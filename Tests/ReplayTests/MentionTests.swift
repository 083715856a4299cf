import Ledger
import Replay
import Support
import Testing

@Suite("the mention of a thing in an event")
struct MentionTests {
  private let client = id(.client, 1)

  @Test("a whole text that is the identifier, wherever it stands")
  func found() {
    let text = client.text
    for json in [
      "{\"a\":\"\(text)\"}", "[\"\(text)\"]", "{\"a\":[1,\"\(text)\"]}", "{\"\(text)\":1}",
      "{\"a\":\"\\\"\",\"b\":\"\(text)\"}",
    ] {
      #expect(Mention(client).stands(in: Array(json.utf8)), "\(json)")
    }
  }

  @Test("text that speaks of it, other identifiers, and parts do not count")
  func absent() {
    let text = client.text
    for json in [
      "{}", "", "\"\(text)", "{\"a\":\"see \(text)\"}", "{\"a\":\"\\\"\(text)\"}",
      "{\"a\":\"\\\"\(text)\\\"\"}", "{\"a\":\"\(text) \"}", "{\"a\":\"\(id(.client, 2).text)\"}",
      "{\"a\":\"\(text.dropLast())\"}", "{\"a\":\"\(text)",
    ] {
      #expect(!Mention(client).stands(in: Array(json.utf8)), "\(json)")
    }
  }
}
