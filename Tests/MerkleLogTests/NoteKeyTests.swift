import Cryptography
import MerkleLog
import Testing

/// The keys of golang.org/x/mod/sumdb/note's own tests.
enum PublishedKeys {
  static let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  static let enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
  static let peterSecret =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
}

@Suite("Keys of notes")
struct NoteKeyTests {
  @Test(
    "verifier keys are read and written as they are",
    arguments: [
      PublishedKeys.peter, PublishedKeys.enoch,
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ])
  func verifierKeys(_ text: String) throws {
    #expect(try NoteVerifier(text).text == text)
  }

  @Test("a private key is read and written as it is, and belongs to its verifier key")
  func privateKey() throws {
    let signer = try NoteSigner(PublishedKeys.peterSecret)
    #expect(signer.disclose() == PublishedKeys.peterSecret)
    #expect(signer.verifier.text == PublishedKeys.peter)
    #expect(signer.name == "PeterNeumann")
  }

  @Test("a private key does not show itself")
  func secrecy() throws {
    let signer = try NoteSigner(PublishedKeys.peterSecret)
    var dumped = ""
    dump(signer, to: &dumped)
    for text in ["\(signer)", String(reflecting: signer), dumped] {
      #expect(!text.contains("AYEK"))
    }
  }

  @Test("no part of a key is a key, and no changed key is one")
  func manglings() {
    let verifier = PublishedKeys.peter
    let secret = PublishedKeys.peterSecret
    for mangled in manglings(of: verifier) {
      #expect(throws: NoteError.self, "\(mangled)") { try NoteVerifier(mangled) }
    }
    for mangled in manglings(of: secret) {
      #expect(throws: NoteError.self, "\(mangled)") { try NoteSigner(mangled) }
    }
  }

  /// Every substring but the whole, and every byte one higher.
  private func manglings(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var result: [String] = []
    for start in bytes.indices {
      for end in start...bytes.count where end - start < bytes.count {
        result.append(String(decoding: bytes[start..<end], as: UTF8.self))
      }
      var changed = bytes
      changed[start] += 1
      result.append(String(decoding: changed, as: UTF8.self))
    }
    return result
  }

  @Test(
    "keys that fit their id and are none all the same",
    arguments: [
      // A key of another length.
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      // Another algorithm.
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      // The id in upper case.
      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      PublishedKeys.peter + "\n",
    ])
  func badKeys(_ text: String) {
    #expect(throws: NoteError.self) { try NoteVerifier(text) }
  }

  @Test(
    "names that no key has",
    arguments: ["", "a b", "a\u{A0}b", "a\tb", "a\nb", "a+b", "a\u{2003}b", "a\u{1}b"])
  func badNames(_ name: String) throws {
    let key = try Ed25519PrivateKey(seed: [UInt8](repeating: 7, count: 32))
    #expect(throws: NoteError.self) { try NoteSigner(name: name, privateKey: key) }
  }
}
