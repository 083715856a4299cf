// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
  .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
  .enableUpcomingFeature("ImmutableWeakCaptures"),  // SE-0481
  .strictMemorySafety(),  // SE-0458
  .treatAllWarnings(as: .error),  // SE-0443
]

/// One floor of the house and what it may import.
func floor(
  _ name: String, _ imports: [Target.Dependency], path: String? = nil, exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: imports, path: path, exclude: exclude, swiftSettings: settings)
}

func tests(_ name: String, _ imports: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: imports, swiftSettings: settings)
}

let package = Package(
  name: "tallystick",
  targets: [
    .systemLibrary(name: "CLMDB"),
    .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CLinux"),
    // Valgrind 3.19 does not read what clang tells debuggers of several files in DWARF 5.
    .target(name: "CSchemas", cSettings: [.unsafeFlags(["-gdwarf-4"])]),
    floor("LMDB", ["CLMDB"]),
    floor("Cryptography", ["COpenSSL"]),
    floor("Metrics", []),
    floor("CanonicalJSON", []),
    floor("Networks", []),
    floor("JOSE", ["Cryptography", "CanonicalJSON"]),
    floor("MerkleLog", ["Cryptography"]),
    floor("Credentials", ["Cryptography"]),
    floor("Ledger", ["CanonicalJSON", "Networks"]),
    floor("Journal", ["LMDB", "Cryptography", "MerkleLog"]),
    floor("Notary", ["Cryptography", "MerkleLog", "Credentials", "Journal"]),
    floor(
      "Projections", ["LMDB", "Cryptography", "CanonicalJSON", "MerkleLog", "Ledger", "Journal"]),
    floor("Narrative", ["CanonicalJSON", "Networks", "Ledger", "Projections"]),
    floor("Sequencer", ["Metrics", "Ledger", "Journal", "Projections"]),
    floor("HTTPServer", ["CLinux", "COpenSSL", "Networks"]),
    floor(
      "Endpoints",
      [
        "CSchemas", "HTTPServer", "Sequencer", "Projections", "Notary", "Journal", "MerkleLog",
        "Cryptography", "JOSE",
        "Credentials", "Ledger", "CanonicalJSON", "Metrics", "Networks", "Narrative",
      ]),
    floor(
      "Replay",
      [
        "CSchemas", "Journal", "Projections", "MerkleLog", "Ledger", "CanonicalJSON",
        "Cryptography", "JOSE", "Narrative", "Networks", "Credentials", "Notary",
      ],
      path: "Replay", exclude: ["Corpus", "Evidence/README.txt", "Evidence/check.py"]),
    .executableTarget(
      name: "tallystick",
      dependencies: [
        "Endpoints", "Replay", "HTTPServer", "Sequencer", "Projections", "Notary", "Journal",
        "MerkleLog", "Ledger", "Credentials", "CanonicalJSON", "Cryptography", "Networks",
      ], swiftSettings: settings),
    .target(
      name: "Support",
      dependencies: ["Cryptography", "MerkleLog", "Journal", "Ledger", "Projections", "Sequencer"],
      path: "Tests/Support", swiftSettings: settings),
    .executableTarget(
      name: "measure",
      dependencies: [
        "Replay", "Sequencer", "Projections", "Notary", "Journal", "LMDB", "Ledger", "MerkleLog",
        "CanonicalJSON", "Cryptography", "Support",
      ], path: "Tests/Measure/Tool", swiftSettings: settings),
    tests("LMDBTests", ["LMDB", "Support"]),
    tests("CryptographyTests", ["Cryptography"]),
    tests("CanonicalJSONTests", ["CanonicalJSON", "Support"]),
    tests("JOSETests", ["JOSE", "Cryptography", "CanonicalJSON"]),
    tests("MerkleLogTests", ["MerkleLog", "Cryptography", "Support"]),
    tests("CredentialsTests", ["Credentials", "Cryptography", "Support"]),
    tests("MetricsTests", ["Metrics"]),
    tests("NetworksTests", ["Networks"]),
    tests("LedgerTests", ["Ledger", "CanonicalJSON", "Networks", "Support"]),
    tests("JournalTests", ["Journal", "LMDB", "Cryptography", "MerkleLog", "Support"]),
    tests(
      "NotaryTests",
      ["Notary", "Cryptography", "MerkleLog", "Credentials", "Journal", "Support"]),
    tests(
      "ProjectionsTests",
      ["Projections", "CanonicalJSON", "Ledger", "Journal", "Sequencer", "Support"]),
    tests(
      "SequencerTests",
      [
        "Sequencer", "Metrics", "Ledger", "Journal", "Projections", "CanonicalJSON", "Support",
      ]),
    tests("HTTPServerTests", ["HTTPServer", "Networks", "Support"]),
    tests(
      "EndpointsTests",
      [
        "Endpoints", "HTTPServer", "Metrics", "Sequencer", "Projections", "Journal", "Ledger",
        "CanonicalJSON", "Support",
      ]),
    tests(
      "ReplayTests",
      [
        "Replay", "Cryptography", "MerkleLog", "Projections", "Ledger", "Journal",
        "CanonicalJSON", "Support",
      ]),
    tests("HouseTests", []),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x  // for #embed
)

// The fuzz targets of Scripts/fuzz; no other build sees them.
if Context.environment["TALLYSTICK_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "HTTPServer", "Endpoints", "CanonicalJSON", "JOSE", "MerkleLog", "Cryptography",
      ],
      path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: settings))
}
