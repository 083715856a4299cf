import Cryptography
import MerkleLog
import Testing

/// The note of golang.org/x/mod/sumdb/note's own tests.
private let text = """
  If you think cryptography is the answer to your problem,
  then you don't know what your problem is.

  """
private let peterLine =
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
private let enochLine =
  "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

private func note(_ text: String) throws -> SignedNote { try SignedNote(parsing: Array(text.utf8)) }

private func code(of body: () throws -> Void) -> NoteError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? NoteError)?.code
  }
}

@Suite("Signed notes")
struct SignedNoteTests {
  private let peter: NoteVerifier
  private let enoch: NoteVerifier

  init() throws {
    peter = try NoteVerifier(PublishedKeys.peter)
    enoch = try NoteVerifier(PublishedKeys.enoch)
  }

  @Test("signing gives the published note")
  func signing() throws {
    let signer = try NoteSigner(PublishedKeys.peterSecret)
    let made = try SignedNote(text: Array(text.utf8), signedBy: signer)
    #expect(String(decoding: made.bytes, as: UTF8.self) == text + "\n" + peterLine)
  }

  @Test("the specification's vector is valid")
  func vector() throws {
    let verifier = try NoteVerifier(
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    let signature =
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    try note("This is an example message.\n\n— example.com/foo \(signature)\n").verify([verifier])
  }

  @Test("a note is given back byte for byte")
  func roundTrip() throws {
    let bytes = Array((text + "\n" + peterLine + enochLine).utf8)
    #expect(try SignedNote(parsing: bytes).bytes == bytes)
  }

  @Test("signatures of unknown keys are ignored, wherever they stand")
  func unknownKeys() throws {
    let both = try note(text + "\n" + enochLine + peterLine)
    try both.verify([peter])
    try both.verify([enoch])
    try both.verify([peter, enoch])
  }

  @Test("a note without a known key's signature is not verified")
  func unverified() throws {
    let note = try note(text + "\n" + peterLine)
    #expect(code { try note.verify([enoch]) } == .unverified)
    #expect(code { try note.verify([]) } == .unverified)
  }

  @Test("a known name with another id, and a known id with another name, are unknown keys")
  func halfKnown() throws {
    let otherID = peterLine.replacing("x08g", with: "xxxx")
    let otherName = peterLine.replacing("PeterNeumann", with: "CarmenSandiego")
    for line in [otherID, otherName] {
      let note = try note(text + "\n" + line)
      #expect(code { try note.verify([peter]) } == .unverified)
    }
  }

  @Test("one bad signature of a known key rejects the note, whatever the others are")
  func badSignature() throws {
    let bad = peterLine.replacing("JkuBS", with: "JkuBT")
    for lines in [bad, bad + peterLine, peterLine + bad, enochLine + bad] {
      let note = try note(text + "\n" + lines)
      #expect(code { try note.verify([peter, enoch]) } == .invalidSignature)
    }
  }

  @Test("another text is not what was signed")
  func otherText() throws {
    let note = try note(text.replacing("answer", with: "anther") + "\n" + peterLine)
    #expect(code { try note.verify([peter]) } == .invalidSignature)
  }

  @Test("the last empty line parts text and signatures")
  func emptyLines() throws {
    let signer = try NoteSigner(PublishedKeys.peterSecret)
    for text in ["a\n\nb\n", "\n", "a\n\n", "a\n\n\n", "a\n\n" + peterLine] {
      let bytes = try SignedNote(text: Array(text.utf8), signedBy: signer).bytes
      let read = try SignedNote(parsing: bytes)
      #expect(read.text == Array(text.utf8))
      try read.verify([peter])
    }
  }

  @Test("sixteen signatures are taken, more than a hundred are not")
  func manySignatures() throws {
    try note(text + "\n" + String(repeating: enochLine, count: 15) + peterLine).verify([peter])
    _ = try note(text + "\n" + String(repeating: peterLine, count: 100))
    let tooMany = text + "\n" + String(repeating: peterLine, count: 101)
    #expect(code { _ = try note(tooMany) } == .malformed)
  }

  private static let malformedNotes: [String] = [
    "", "\n", "\n\n", text, "\(text)\n", "\(text)\(peterLine)",
    "\(text)\n\(peterLine.dropLast())", "\(text)\n\(peterLine)\n",
    "\(text)\n\n\(peterLine)\n\n", "\u{1}\(text)\n\(peterLine)", "\(text)\r\n\(peterLine)",
    "\(text)\n\(peterLine)Unexpected line.\n",
    "\(text)\n\(peterLine.replacing("PeterNeumann", with: "Bad Name"))",
    "\(text)\n\(peterLine.replacing("PeterNeumann", with: "Bad+Name"))",
    "\(text)\n\(peterLine.replacing("PeterNeumann", with: "Bad\u{A0}Name"))",
    "\(text)\n\(peterLine.replacing("PeterNeumann", with: ""))",
    "\(text)\n\(peterLine.replacing("—", with: "-"))",
    "\(text)\n\(peterLine.replacing("—", with: "\u{2013}"))",
    "\(text)\n\(peterLine.replacing("=", with: ""))",
    "\(text)\n\(peterLine.replacing("AM=", with: "AN="))",
    "\(text)\n— PeterNeumann x08goA\n", "\(text)\n— PeterNeumann x08gow==\n",
    "\(text)\n— PeterNeumann \n", "\(text)\n— PeterNeumann\n",
  ]

  @Test("what is no note", arguments: malformedNotes)
  func malformed(_ text: String) {
    #expect(code { _ = try note(text) } == .malformed)
  }

  @Test("bytes that are no UTF-8 are no note")
  func notUTF8() {
    let bytes = [0xFF] + Array((text + "\n" + peterLine).utf8)
    #expect(code { _ = try SignedNote(parsing: bytes) } == .malformed)
  }

  @Test("texts that cannot be signed", arguments: ["", "abc", "a\tb\n", "a\r\n"])
  func badTexts(_ text: String) throws {
    let signer = try NoteSigner(PublishedKeys.peterSecret)
    #expect(code { _ = try SignedNote(text: Array(text.utf8), signedBy: signer) } == .malformed)
  }
}
