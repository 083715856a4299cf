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
    ("Metrics", []),
    ("JOSE", ["Cryptography", "CanonicalJSON"]),
    ("MerkleLog", ["Cryptography"]),
    ("Credentials", ["Cryptography"]),
    ("Ledger", ["CanonicalJSON"]),
    ("Journal", ["LMDB"]),
    ("Projections", ["LMDB", "Cryptography", "MerkleLog", "Ledger", "Journal"]),
    ("Sequencer", ["Metrics", "Ledger", "Journal", "Projections"]),
    ("HTTPServer", ["CLinux", "COpenSSL"]),
    (
      "Endpoints",
      [
        "HTTPServer", "Sequencer", "Projections", "Journal", "Cryptography", "JOSE",
        "Credentials", "Ledger", "CanonicalJSON", "Metrics",
      ]
    ),
    ("Replay", ["Journal", "Projections", "Ledger", "CanonicalJSON"]),
  ]

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("a target imports what the table allows and nothing else", arguments: floors.indices)
  func imports(_ index: Int) throws {
    let (target, allowed) = Self.floors[index]
    let folder = target == "Replay" ? "Replay" : "Sources/\(target)"
    let own = Set(Self.floors.map(\.target)).union(["CLMDB", "COpenSSL", "CLinux", "tallystick"])
    let found = try Self.swiftFiles(folder).flatMap { try Self.imports(of: $0) }
    try #require(!found.isEmpty || allowed.isEmpty)
    #expect(Set(found).intersection(own) == allowed)
  }

  @Test("only the modules of Swift itself are imported beside the package's own")
  func outsiders() throws {
    let swift: Set<String> = ["Foundation", "Glibc", "Synchronization", "Dispatch"]
    let own = Set(Self.floors.map(\.target)).union(["CLMDB", "COpenSSL", "CLinux"])
    for folder in ["Sources", "Replay"] {
      for file in try Self.swiftFiles(folder) {
        let unknown = Set(try Self.imports(of: file)).subtracting(swift).subtracting(own)
        #expect(unknown.isEmpty, "\(file.lastPathComponent)")
      }
    }
  }

  @Test("C stays behind its wrapper: module maps and headers only")
  func seams() throws {
    for target in ["CLMDB", "COpenSSL", "CLinux"] {
      let path = Self.root.appending(path: "Sources/\(target)").path
      let files = try FileManager.default.contentsOfDirectory(atPath: path)
      #expect(Set(files) == ["module.modulemap", "shim.h"])
    }
  }

  @Test("the manifest says what the table says")
  func manifest() throws {
    let manifest = try String(
      contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    for (target, imports) in Self.floors {
      let start = try #require(
        manifest.firstRange(of: "floor(\"\(target)\"")
          ?? manifest.firstRange(of: "floor(\n      \"\(target)\""))
      let list = manifest[start.upperBound...].prefix { $0 != "]" }.drop { $0 != "[" }
      let named = list.split(separator: "\"").filter { $0.allSatisfy(\.isLetter) }
      #expect(Set(named.map(String.init)) == imports, "\(target)")
    }
  }

  private static func swiftFiles(_ folder: String) throws -> [URL] {
    let base = root.appending(path: folder)
    let names = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return names.filter { $0.hasSuffix(".swift") }.map { base.appending(path: $0) }
  }

  private static func imports(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place <= 1, words.count == place + 2
      else { return nil }
      return String(words[place + 1])
    }
  }
}
