import CanonicalJSON
import Support

/// Random trees that depend on the seed alone.
struct RandomTrees: RandomNumberGenerator {
  private var numbers: SeededGenerator

  init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { numbers.next() }

  /// A tree with its members in canonical order.
  mutating func tree(depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 4), using: &self) {
    case 0: return .null
    case 1: return .bool(.random(using: &self))
    case 2: return .integer(integer())
    case 3: return .string(text())
    case 4: return .array((0..<count()).map { _ in tree(depth: depth - 1) })
    default: return object(depth: depth)
    }
  }

  /// The same tree with the members of every object in another order.
  mutating func shuffled(_ tree: JSON) -> JSON {
    switch tree {
    case .array(let elements): return .array(elements.map { shuffled($0) })
    case .object(let members):
      let members = members.shuffled(using: &self)
      return .object(members.map { JSON.Member($0.name, shuffled($0.value)) })
    default: return tree
    }
  }

  private mutating func object(depth: Int) -> JSON {
    let names = (0..<count()).map { _ in Array(text().utf16) }
    let distinct = Set(names).sorted { $0.lexicographicallyPrecedes($1) }
    return .object(
      distinct.map { JSON.Member(String(decoding: $0, as: UTF16.self), tree(depth: depth - 1)) })
  }

  private mutating func count() -> Int { Int.random(in: 0..<8, using: &self) }

  private mutating func integer() -> Int64 {
    let edges: [Int64] = [0, 9, 10, -10, JSON.integers.lowerBound, JSON.integers.upperBound]
    return Bool.random(using: &self)
      ? edges.randomElement(using: &self)! : Int64.random(in: JSON.integers, using: &self)
  }

  private mutating func text() -> String {
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x7e, 0x20...0x7e, 0x61...0x63, 0...0x1f, 0x22...0x22, 0x5c...0x5c, 0x7f...0x7ff,
      0x300...0x310, 0x800...0xd7ff, 0xe000...0xffff, 0x1_0000...0x10_ffff,
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<20, using: &self) {
      let range = ranges.randomElement(using: &self)!
      text.append(Unicode.Scalar(UInt32.random(in: range, using: &self))!)
    }
    return String(text)
  }
}
