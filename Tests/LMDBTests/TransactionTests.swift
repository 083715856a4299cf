import Foundation
import LMDB
import Support
import Testing

@Suite("LMDB transactions")
struct TransactionTests {
  private let directory: TemporaryDirectory
  private let environment: Environment
  private let table: Table

  init() throws {
    directory = try TemporaryDirectory()
    environment = try Environment.open(
      directory.path, tables: 4, mapSize: 1 << 28, durability: .durable)
    table = try Table.open(["letters"], in: environment)[0]
  }

  @Test("what is committed is read, what is abandoned is not")
  func commitAndAbort() throws {
    try write(["b", "d"])
    do {
      let transaction = try environment.beginWrite()
      try put(transaction, "c")
    }
    #expect(try keys(from: "") == ["b", "d"])
  }

  @Test("a value is lent only where its key is")
  func get() throws {
    try write(["b"])
    let transaction = try environment.beginRead()
    var found: [String] = []
    #expect(try transaction.get(table, bytes("b").span) { found.append(text($0)) })
    #expect(try !transaction.get(table, bytes("c").span) { found.append(text($0)) })
    #expect(found == ["value of b"])
    #expect(try transaction.count(table) == 1)
  }

  @Test(
    "floor is the greatest key not above",
    arguments: [("a", nil), ("b", "b"), ("c", "b"), ("d", "d"), ("z", "d")] as [(String, String?)])
  func floor(_ key: String, _ expected: String?) throws {
    try write(["b", "d"])
    var found: String?
    try environment.beginRead().floor(table, bytes(key).span) { key, _ in found = text(key) }
    #expect(found == expected)
  }

  @Test("scans begin and end where they are told")
  func scans() throws {
    try write(["a", "b", "c", "d"])
    #expect(try keys(from: "b") == ["b", "c", "d"])
    #expect(try keys(from: "b", limit: 2) == ["b", "c"])
  }

  @Test("an environment knows how full it is, and how many read it")
  func usage() throws {
    let used = try environment.usedBytes()
    try write((0..<2_000).map { "key \($0)" })
    #expect(try environment.usedBytes() > used)
    #expect(try environment.mapBytes() == 1 << 28)
    try environment.reserve()
    #expect(
      try environment.allocatedBytes() >= environment.usedBytes() + Environment.reservationStep)
    #expect(try environment.readers() == 0)
    #expect(try readersBesideTwo() == 2)
    #expect(try environment.readers() == 0)
    #expect(try environment.readerSlots() >= 512)
  }

  /// One of the two holds no snapshot.
  private func readersBesideTwo() throws -> Int {
    let first = try environment.beginRead()
    let second = try environment.beginRead()
    second.reset()
    let readers = try environment.readers()
    first.reset()
    return readers
  }

  @Test("append refuses a key that is not above all others")
  func appendOrder() throws {
    try write(["b"])
    let transaction = try environment.beginWrite()
    let (key, value) = (bytes("b"), bytes("again"))
    #expect(throws: LMDBError.self) {
      try transaction.append(table, key.span, value.span)
    }
  }

  @Test("deleting what is not there is no error")
  func delete() throws {
    try write(["a", "b"])
    let transaction = try environment.beginWrite()
    try transaction.delete(table, bytes("a").span)
    try transaction.delete(table, bytes("x").span)
    try transaction.commit()
    #expect(try keys(from: "") == ["b"])
  }

  @Test("a snapshot stays as it was until it is renewed")
  func snapshot() throws {
    try write(["a"])
    let transaction = try environment.beginRead()
    try write(["b"])
    #expect(try transaction.count(table) == 1)
    transaction.reset()
    try transaction.renew()
    #expect(try transaction.count(table) == 2)
  }

  @Test("reserving allocates blocks ahead of what is used")
  func reserve() throws {
    try environment.reserve()
    var status = stat()
    #expect(unsafe stat(directory.path + "/data.mdb", &status) == 0)
    #expect(Int(status.st_blocks) * 512 >= Environment.reservationStep)
  }

  @Test("a file that is no environment is told from other errors")
  func damage() throws {
    let other = try TemporaryDirectory()
    try Array(repeating: "no database ", count: 1_000).joined().write(
      toFile: other.path + "/data.mdb", atomically: false, encoding: .utf8)
    let error = #expect(throws: LMDBError.self) {
      try Environment.open(other.path, tables: 1, mapSize: 1 << 20, durability: .durable)
    }
    #expect(error?.isDamage == true)
    let missing = #expect(throws: LMDBError.self) {
      try Environment.open(
        other.path + "/none", tables: 1, mapSize: 1 << 20, durability: .durable)
    }
    #expect(missing?.isDamage == false)
  }

  private func write(_ letters: [String]) throws {
    let transaction = try environment.beginWrite()
    for letter in letters { try put(transaction, letter) }
    try transaction.commit()
  }

  private func put(_ transaction: borrowing WriteTransaction, _ letter: String) throws {
    let (key, value) = (bytes(letter), bytes("value of \(letter)"))
    try transaction.put(table, key.span, value.span)
  }

  private func keys(from start: String, limit: Int = .max) throws -> [String] {
    var keys: [String] = []
    try environment.beginRead().scan(table, from: bytes(start).span) { key, _ in
      keys.append(text(key))
      return keys.count < limit
    }
    return keys
  }
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func text(_ span: Span<UInt8>) -> String {
  String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
}
