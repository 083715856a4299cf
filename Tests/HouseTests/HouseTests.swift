import Foundation
import Testing

/// The rules of the house: which floor may import which.
@Suite("The house")
struct HouseTests {
  /// A target and what it may import of this package's own; the floors, ground first.
  static let floors: [(target: String, imports: Set<String>)] = [
    ("LMDB", ["CLMDB"]),
    ("Cryptography", ["COpenSSL"]),
    ("CanonicalJSON", []),
    ("Networks", []),
    ("Metrics", []),
    ("JOSE", ["Cryptography", "CanonicalJSON"]),
    ("MerkleLog", ["Cryptography"]),
    ("Credentials", ["Cryptography"]),
    ("Ledger", ["CanonicalJSON", "Networks"]),
    ("Journal", ["LMDB", "Cryptography", "MerkleLog"]),
    ("Notary", ["Cryptography", "MerkleLog", "Credentials", "Journal"]),
    ("Projections", ["LMDB", "Cryptography", "CanonicalJSON", "MerkleLog", "Ledger", "Journal"]),
    ("Narrative", ["CanonicalJSON", "Networks", "Ledger", "Projections"]),
    ("Sequencer", ["Metrics", "Ledger", "Journal", "Projections"]),
    ("HTTPServer", ["CLinux", "COpenSSL", "Networks"]),
    (
      "Endpoints",
      [
        "CSchemas", "HTTPServer", "Sequencer", "Projections", "Notary", "Journal", "MerkleLog",
        "Cryptography", "JOSE",
        "Credentials", "Ledger", "CanonicalJSON", "Metrics", "Networks", "Narrative",
      ]
    ),
    (
      "Replay",
      [
        "CSchemas", "Journal", "Projections", "MerkleLog", "Ledger", "CanonicalJSON",
        "Cryptography", "JOSE", "Narrative", "Networks", "Credentials", "Notary",
      ]
    ),
    (
      "tallystick",
      [
        "Endpoints", "Replay", "HTTPServer", "Sequencer", "Projections", "Notary", "Journal",
        "MerkleLog", "Ledger", "Credentials", "CanonicalJSON", "Cryptography", "Networks",
      ]
    ),
  ]

  static let floorsOfC: Set<String> = ["CLMDB", "COpenSSL", "CLinux", "CSchemas"]

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("a target imports what the table allows and nothing else", arguments: floors.indices)
  func imports(_ index: Int) throws {
    let (target, allowed) = Self.floors[index]
    let folder = target == "Replay" ? "Replay" : "Sources/\(target)"
    let own = Set(Self.floors.map(\.target)).union(Self.floorsOfC)
    let found = try Self.swiftFiles(folder).flatMap { try Self.imports(of: $0) }
    try #require(!found.isEmpty || allowed.isEmpty)
    #expect(Set(found).intersection(own) == allowed)
  }

  @Test("what replays stands on nothing that could send or decide")
  func replay() {
    var reached: Set = ["Replay"]
    for (target, imports) in Self.floors.reversed() where reached.contains(target) {
      reached.formUnion(imports)
    }
    #expect(reached.contains("Journal"))
    #expect(reached.isDisjoint(with: ["CLinux", "HTTPServer", "Endpoints", "Sequencer"]))
  }

  @Test("only the modules of Swift itself are imported beside the package's own")
  func outsiders() throws {
    let swift: Set<String> = ["Foundation", "Glibc", "Synchronization", "Dispatch"]
    let own = Set(Self.floors.map(\.target)).union(Self.floorsOfC)
    for folder in ["Sources", "Replay"] {
      for file in try Self.swiftFiles(folder) {
        let unknown = Set(try Self.imports(of: file)).subtracting(swift).subtracting(own)
        #expect(unknown.isEmpty, "\(file.lastPathComponent)")
      }
    }
  }

  @Test("C stays behind its wrapper: module maps and headers only, and files that embed")
  func seams() throws {
    let schemas = Self.root.appending(path: "Sources/CSchemas").path
    let embedding = try FileManager.default.subpathsOfDirectory(atPath: schemas)
    #expect(
      Set(embedding) == [
        "include", "include/CSchemas.h", "events.c", "evidence.c", "openapi.c",
      ])
    for target in ["CLMDB", "COpenSSL", "CLinux"] {
      let path = Self.root.appending(path: "Sources/\(target)").path
      let files = try FileManager.default.contentsOfDirectory(atPath: path)
      #expect(Set(files) == ["module.modulemap", "shim.h"])
    }
  }

  @Test("the program carries every schema of an event")
  func schemas() throws {
    let embedding = try Self.text("Sources/CSchemas/events.c")
    let folder = Self.root.appending(path: "Schemas/events").path
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      #expect(embedding.contains("#embed \"../../Schemas/events/\(name)\""), "\(name)")
      #expect(embedding.contains("{\"\(name)\", "), "\(name)")
    }
  }

  @Test("the manifest says what the table says")
  func manifest() throws {
    let manifest = try Self.text("Package.swift")
    for (target, imports) in Self.floors {
      let start = try #require(
        manifest.firstRange(of: "floor(\"\(target)\"")
          ?? manifest.firstRange(of: "floor(\n      \"\(target)\"")
          ?? manifest.firstRange(of: ".executableTarget(\n      name: \"\(target)\""))
      let list = manifest[start.upperBound...].prefix { $0 != "]" }.drop { $0 != "[" }
      let named = list.split(separator: "\"").filter { $0.allSatisfy(\.isLetter) }
      #expect(Set(named.map(String.init)) == imports, "\(target)")
    }
  }

  @Test("the README's table has a target below all that it imports")
  func readme() throws {
    let names = try Self.targetsOfReadme()
    for (target, imports) in Self.floors {
      let place = try #require(names.firstIndex(of: target), "\(target)")
      #expect(imports.isSubset(of: names[..<place]), "\(target)")
    }
  }

  @Test(
    "an import is seen however it is written",
    arguments: [
      "import Journal", "  import Journal", "package import Journal", "@testable import Journal",
      "@preconcurrency package import Journal", "@_spi(Inner) import Journal",
      "import struct Journal.Position", "internal import func Journal.append",
      "import Journal  // for the log", "import Journal.Reading",
    ])
  func forms(_ line: String) {
    #expect(Self.module(importedBy: line[...]) == "Journal")
  }

  @Test(
    "what only speaks of an import is none", arguments: ["// import Journal", "importer = Journal"])
  func others(_ line: String) {
    #expect(Self.module(importedBy: line[...]) == nil)
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func swiftFiles(_ folder: String) throws -> [URL] {
    let base = root.appending(path: folder)
    let names = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return names.filter { $0.hasSuffix(".swift") }.map { base.appending(path: $0) }
  }

  /// The targets in the README's table of them, from its top.
  private static func targetsOfReadme() throws -> [String] {
    let readme = try text("README.md")
    let head = try #require(readme.firstRange(of: "| target | its promise |\n"))
    let rows = readme[head.upperBound...].split(separator: "\n").prefix { $0.hasPrefix("|") }
    let cells = rows.compactMap { $0.split(separator: "|").first }
    let words = cells.flatMap { $0.split(separator: "`") }
    return words.filter { $0.allSatisfy(\.isLetter) }.map(String.init)
  }

  private static func imports(of file: URL) throws -> [String] {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return lines.compactMap(module(importedBy:))
  }

  /// The module that a line imports, whole or one declaration of it.
  private static func module(importedBy line: Substring) -> String? {
    let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    let kinds: Set<Substring> = [
      "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
    ]
    let words = line.split(separator: " ").drop { $0.hasPrefix("@") || access.contains($0) }
    guard words.first == "import" else { return nil }
    return words.dropFirst().drop(while: kinds.contains).first.map {
      String($0.prefix { $0 != "." })
    }
  }
}
