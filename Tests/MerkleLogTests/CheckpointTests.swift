import Cryptography
import MerkleLog
import Testing

private let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
/// The example of C2SP tlog-checkpoint.
private let example = "example.com/behind-the-sofa\n20852163\n\(root)\n"

@Suite("Checkpoints")
struct CheckpointTests {
  private let signer: NoteSigner

  init() throws {
    let key = try Ed25519PrivateKey(seed: [UInt8](repeating: 9, count: 32))
    signer = try NoteSigner(name: "log.example/one", privateKey: key)
  }

  @Test("the specification's example is read and written as it is")
  func roundTrip() throws {
    let checkpoint = try Checkpoint(text: Array(example.utf8))
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(checkpoint.root.bytes == Base64.decode(root))
    #expect(checkpoint.text == Array(example.utf8))
  }

  private static let malformedTexts: [String] = [
    "", "\n", "a\n1\n", "a\n1\n\(root)", "a\n1\n\(root)\n\n", "a\n1\n\(root)\nextension\n",
    "\n1\n\(root)\n", "a b\n1\n\(root)\n", "a+b\n1\n\(root)\n", "a\n\n\(root)\n",
    "a\n01\n\(root)\n", "a\n00\n\(root)\n", "a\n+1\n\(root)\n", "a\n-1\n\(root)\n",
    "a\n 1\n\(root)\n", "a\n1 \n\(root)\n", "a\n0x1\n\(root)\n", "a\n1e3\n\(root)\n",
    "a\n18446744073709551616\n\(root)\n", "a\n١\n\(root)\n", "a\n1\n\(root.dropLast())\n",
    "a\n1\nAAAA\n", "a\n1\n\(root) \n", "a\n1\n\(root.replacing("q2I=", with: "q2J="))\n",
    "a\r\n1\r\n\(root)\r\n",
  ]

  @Test("what is no checkpoint", arguments: malformedTexts)
  func malformed(_ text: String) {
    #expect(throws: NoteError.self) { try Checkpoint(text: Array(text.utf8)) }
  }

  @Test("every size is written without leading zeros", arguments: [0, 1, 10, UInt64.max])
  func sizes(_ size: UInt64) throws {
    let checkpoint = Checkpoint(origin: "a", size: size, root: SHA256.hash([]))
    #expect(try Checkpoint(text: checkpoint.text) == checkpoint)
  }

  @Test("a signed checkpoint is verified by its log's key alone")
  func signed() throws {
    let signed = try SignedCheckpoint(size: 3, root: SHA256.hash([]), signedBy: signer)
    #expect(signed.checkpoint.origin == "log.example/one")
    let read = try SignedCheckpoint(signed.bytes, verifiedBy: signer.verifier)
    #expect(read == signed)
    let peter = try NoteVerifier(PublishedKeys.peter)
    #expect(throws: NoteError.self) { try SignedCheckpoint(signed.bytes, verifiedBy: peter) }
  }

  @Test("every changed byte of a signed checkpoint is noticed")
  func flippedBits() throws {
    let bytes = try SignedCheckpoint(size: 3, root: SHA256.hash([]), signedBy: signer).bytes
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        #expect(throws: NoteError.self, "bit \(bit) of byte \(index)") {
          try SignedCheckpoint(changed, verifiedBy: signer.verifier)
        }
      }
    }
  }

  @Test("a key that signs for another origin than its own is refused")
  func otherOrigin() throws {
    let note = try SignedNote(text: Array(example.utf8), signedBy: signer)
    let error = #expect(throws: NoteError.self) {
      try SignedCheckpoint(note, verifiedBy: signer.verifier)
    }
    #expect(error?.code == .unexpected)
  }

  @Test("origins that look the same and are other bytes are two")
  func composedOrigins() {
    let root = SHA256.hash([])
    #expect(
      Checkpoint(origin: "caf\u{E9}", size: 1, root: root)
        != Checkpoint(origin: "cafe\u{301}", size: 1, root: root))
  }
}
