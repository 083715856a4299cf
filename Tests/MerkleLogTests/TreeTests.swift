import Cryptography
import MerkleLog
import Support
import Testing

@Suite("The tree")
struct TreeTests {
  /// The classic records and roots of Certificate Transparency's own tests.
  private static let records = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ]
  private static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("the classic trees have their published roots")
  func publishedRoots() {
    var tree = GrownTree(size: 0)
    #expect(Hexadecimal.encode(tree.edge.root.bytes) == Self.roots[0])
    for (record, root) in zip(Self.records, Self.roots.dropFirst()) {
      tree.append(bytes(ofHexadecimal: record))
      #expect(Hexadecimal.encode(tree.edge.root.bytes) == root)
    }
  }

  private func bytes(ofHexadecimal text: String) -> [UInt8] {
    let digits = Array(text)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)!
    }
  }

  private static let sizes = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 1_000]

  @Test(
    "root and edge are the same grown, read from tiles, and by the definition", arguments: sizes)
  func roots(_ size: Int) throws {
    let tree = GrownTree(size: 1_000)
    let small = GrownTree(size: size)
    let head = tree.head(size)
    #expect(small.edge.head == head)
    #expect(try MerkleTree(size: UInt64(size), tiles: tree).head() == head)
    var read = try TreeEdge(size: UInt64(size), tiles: tree)
    for record in tree.records[size...] { read.append(record) { _, _ in } }
    #expect(read.head == tree.edge.head)
  }

  @Test("every record of small trees is proved, and nothing else is")
  func inclusion() throws {
    let tree = GrownTree(size: 40)
    for size in 1...40 {
      let head = tree.head(size)
      for position in 0..<size {
        let proof = try MerkleTree(size: UInt64(size), tiles: tree).inclusionProof(
          of: UInt64(position))
        #expect(head.includes(tree.records[position], at: UInt64(position), proof: proof))
        for other in 0..<size + 1 where other != position {
          #expect(!head.includes(tree.records[position], at: UInt64(other), proof: proof))
        }
        #expect(!head.includes(nodeHash(head.root, head.root), at: UInt64(position), proof: proof))
        #expect(
          !head.includes(tree.records[position], at: UInt64(position), proof: proof + [head.root]))
        #expect(
          proof.isEmpty
            || !head.includes(
              tree.records[position], at: UInt64(position), proof: proof.dropLast())
        )
      }
    }
  }

  @Test("every small tree extends every smaller one, by its own proof alone")
  func consistency() throws {
    let tree = GrownTree(size: 40)
    let stranger = GrownTree([[1]]).edge.root
    for size in 0...40 {
      let head = tree.head(size)
      for old in 0...size {
        let proof = try MerkleTree(size: UInt64(size), tiles: tree).consistencyProof(
          from: UInt64(old))
        #expect(head.extends(tree.head(old), proof: proof))
        #expect(!head.extends(TreeHead(size: UInt64(old), root: stranger), proof: proof))
        #expect(
          !TreeHead(size: UInt64(size), root: stranger).extends(tree.head(old), proof: proof)
            || old == 0 && size > 0)
        #expect(!head.extends(tree.head(old), proof: proof + [stranger]))
        #expect(proof.isEmpty || !head.extends(tree.head(old), proof: proof.dropLast()))
        #expect(old == size || !tree.head(old).extends(head, proof: proof))
      }
    }
  }

  @Test(
    "proofs over more than one level of tiles hold; a changed hash breaks each",
    arguments: [255, 256, 257, 65_535, 65_536, 65_537, 70_000])
  func large(_ size: Int) throws {
    let tree = GrownTree(size: size)
    let head = tree.edge.head
    #expect(head.root == GrownTree.root(of: tree.records[...]))
    let stored = MerkleTree(size: UInt64(size), tiles: tree)
    var random = SeededGenerator(seed: UInt64(size))
    let positions =
      [0, 254, size - 1] + (0..<20).map { _ in Int.random(in: 0..<size, using: &random) }
    for position in positions {
      var proof = try stored.inclusionProof(of: UInt64(position))
      #expect(head.includes(tree.records[position], at: UInt64(position), proof: proof))
      proof[proof.count / 2] = head.root
      #expect(!head.includes(tree.records[position], at: UInt64(position), proof: proof))
    }
    for old in positions {
      let before = tree.head(old)
      var proof = try stored.consistencyProof(from: UInt64(old))
      #expect(head.extends(before, proof: proof))
      if proof.isEmpty { continue }
      proof[proof.count / 2] = head.root
      #expect(!head.extends(before, proof: proof))
    }
  }
}
