import Cryptography
import MerkleLog
import Testing

private let hash = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ="
private let checkpoint = """
  example.com/log
  5
  \(hash)

  — example.com/log hI2DJwAA

  """

@Suite("Proofs as text")
struct LogProofTests {
  @Test(
    "a proof is given back byte for byte",
    arguments: [
      "index 0\n\n", "index 73894\n\(hash)\n\n", "extra YWdl\nindex 7\n\(hash)\n\(hash)\n\n",
      "extra \nindex 7\n\n", "index 18446744073709551615\n\n",
    ])
  func roundTrip(_ lines: String) throws {
    let bytes = Array(("c2sp.org/tlog-proof@v1\n" + lines + checkpoint).utf8)
    let proof = try LogProof(parsing: bytes)
    #expect(proof.bytes == bytes)
    #expect(proof.checkpoint.bytes == Array(checkpoint.utf8))
  }

  @Test("index, hashes and extra data are what the lines say")
  func parts() throws {
    let text = "c2sp.org/tlog-proof@v1\nextra YWdl\nindex 7\n\(hash)\n\n" + checkpoint
    let proof = try LogProof(parsing: Array(text.utf8))
    #expect(proof.index == 7)
    #expect(proof.extra == Array("age".utf8))
    #expect(proof.hashes.map(\.bytes) == [Base64.decode(hash)])
  }

  private static let malformedProofs: [String] = [
    "", "\n\n", "c2sp.org/tlog-proof@v1\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v2\nindex 0\n\n\(checkpoint)",
    "index 0\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex 00\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex -1\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex 0\nextra YWdl\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nextra YWdl\nextra YWdl\nindex 0\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nextra YWd\nindex 0\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex 0\n\n\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex 0\n\(checkpoint.replacing("\n\n", with: "\n"))",
    "c2sp.org/tlog-proof@v1\nindex 0\n\n",
    "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n\(checkpoint)",
    "c2sp.org/tlog-proof@v1\nindex 0\n\(String(repeating: "\(hash)\n", count: 65))\n\(checkpoint)",
  ]

  @Test("what is no proof", arguments: malformedProofs)
  func malformed(_ text: String) {
    #expect(throws: NoteError.self) { try LogProof(parsing: Array(text.utf8)) }
  }
}
