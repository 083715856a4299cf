import Testing

@testable import Endpoints

@Suite("What a client wants to read")
struct AcceptTests {
  @Test(
    "the type that it likes best",
    arguments: [
      ([], "application/json"),
      (["*/*"], "application/json"),
      (["text/csv"], "text/csv"),
      (["TEXT/CSV; header=present"], "text/csv"),
      (["text/*"], "text/csv"),
      (["text/plain, text/csv;q=0.9"], "text/plain"),
      (["application/json;q=0.5", "text/plain;q=0.6"], "text/plain"),
      (["*/*;q=0.9, application/json;q=0.1, text/csv; q=0"], "text/plain"),
      (["text/html,application/xhtml+xml,*/*;q=0.8"], "application/json"),
      (["image/png"], "application/json"),
      (["text/csv;q=x"], "application/json"),
      (["text/csvs"], "application/json"),
    ] as [([String], String)])
  func preferred(_ values: [String], _ type: String) {
    let offered = ["application/json", "text/csv", "text/plain"]
    #expect(Accept(values).preferred(among: offered) == type)
  }
}
