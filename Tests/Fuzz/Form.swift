@testable import Endpoints

/// A form is refused for one of the reasons that are named, or holds every pair as sent; encoded
/// again it is the same form.
@Sendable func checkForm(_ input: [UInt8]) {
  let pairs = pairs(of: input)
  guard let form = FormParameters(input) else {
    return promise(pairs == nil, "a form is refused for a reason")
  }
  guard let pairs else { return promise(false, "a bad form is refused") }
  promise(form.holds(pairs), "each pair as sent")
  let encoded = pairs.map { encode($0.name) + [UInt8(ascii: "=")] + encode($0.value) }
  let again = FormParameters(Array(encoded.joined(separator: [UInt8(ascii: "&")])))
  promise(again?.holds(pairs) == true, "encoded again it is the same form")
}

extension FormParameters {
  fileprivate func holds(_ pairs: [(name: [UInt8], value: [UInt8])]) -> Bool {
    names.map { Array($0.utf8) } == pairs.map(\.name)
      && zip(names, pairs).allSatisfy { Array((self[$0] ?? "").utf8) == $1.value }
  }
}

/// The pairs of a form, nil if it must be refused.
private func pairs(of input: [UInt8]) -> [(name: [UInt8], value: [UInt8])]? {
  var pairs: [(name: [UInt8], value: [UInt8])] = []
  for piece in input.split(separator: UInt8(ascii: "&")) {
    let left = piece.prefix { $0 != UInt8(ascii: "=") }
    guard let name = decode(left), let value = decode(piece.dropFirst(left.count + 1))
    else { return nil }
    pairs.append((name, value))
  }
  let isUnique = Set(pairs.map(\.name)).count == pairs.count
  return isUnique && pairs.count <= 64 ? pairs : nil
}

/// The bytes of a name or value, nil for a broken escape and for what is not UTF-8.
private func decode(_ encoded: some Collection<UInt8>) -> [UInt8]? {
  var bytes: [UInt8] = []
  var rest = Array(encoded)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
      continue
    }
    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
    guard digits.utf8.count == 2, digits.utf8.first != UInt8(ascii: "+"),
      digits.utf8.first != UInt8(ascii: "-"), let value = UInt8(digits, radix: 16)
    else { return nil }
    bytes.append(value)
    rest = rest.dropFirst(2)
  }
  return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
}

/// Every byte as an escape, but letters.
private func encode(_ bytes: [UInt8]) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  return bytes.flatMap { byte in
    let isLetter = byte | 0x20 &- 0x61 < 26
    return isLetter ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
