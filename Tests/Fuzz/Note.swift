import Cryptography
import MerkleLog

private let signer = try! NoteSigner(
  name: "log.example", privateKey: Ed25519PrivateKey(seed: [UInt8](repeating: 9, count: 32)))
private let genuine = try! SignedCheckpoint(
  size: 5, root: SHA256.hash([]), signedBy: signer
)

/// Notes, checkpoints, proofs, keys and paths of tiles have one spelling each, and nothing is signed
/// but what the key has signed.
@Sendable func checkNote(_ input: [UInt8]) {
  checkSpelling(input)
  checkText(String(decoding: input, as: UTF8.self))
  let signed = try? SignedCheckpoint(input, verifiedBy: signer.verifier)
  promise(signed == nil || signed?.checkpoint == genuine.checkpoint, "nothing else is signed")
  promise(input != genuine.bytes || signed != nil, "what was signed is signed")
}

private func checkSpelling(_ input: [UInt8]) {
  if let note = try? SignedNote(parsing: input) {
    promise(note.bytes == input, "a note has one spelling")
  }
  if let checkpoint = try? Checkpoint(text: input) {
    promise(checkpoint.text == input, "a checkpoint has one spelling")
  }
  if let proof = try? LogProof(parsing: input) {
    promise(proof.bytes == input, "a proof has one spelling")
    promise(proof.hashes.count <= 64, "a proof is as high as a tree can be")
  }
}

private func checkText(_ text: String) {
  if let verifier = try? NoteVerifier(text) {
    promise(verifier.text.utf8.elementsEqual(text.utf8), "a verifier key has one spelling")
  }
  if let tile = Tile(path: text) {
    promise(tile.path.utf8.elementsEqual(text.utf8), "a tile has one path")
    promise(!tile.isWithin(treeOfSize: 0), "an empty tree has no tile")
  }
  if let bundle = EntryBundle(path: text) {
    promise(bundle.path.utf8.elementsEqual(text.utf8), "a bundle has one path")
    promise(!bundle.isWithin(logOfSize: 0), "an empty log has no bundle")
  }
}
