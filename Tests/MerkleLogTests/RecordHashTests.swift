import Cryptography
import MerkleLog
import Testing

/// The leaf hashes of RFC 6962's classic trees.
@Test("record hashes are RFC 6962 leaf hashes")
func recordHashes() {
  #expect(
    Hexadecimal.encode(recordHash([]).bytes)
      == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
  #expect(
    Hexadecimal.encode(recordHash([0]).bytes)
      == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7")
}
