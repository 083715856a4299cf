/// Files in one, in the ustar format of POSIX.1-2017 (pax, "ustar Interchange Format"): plain files
/// of no owner and no time, so that the same files give the same bytes.
enum Ustar {
  /// Who may read the files when they are unpacked.
  enum Mode: String {
    case all = "0000644"
    case owner = "0000600"
  }

  /// A file in an archive.
  struct Entry {
    let name: String
    /// Where its content stands.
    let content: Range<Int>
  }

  /// Why bytes are no such archive: of which file, where that is known.
  struct Damage: Error {
    let name: String?
    let what: String
  }

  static let block = 512
  /// In bytes.
  static let longestName = 100
  /// What stands behind the last file.
  static let end = [UInt8](repeating: 0, count: 2 * block)

  /// A file with its header and its padding.
  ///
  /// - Precondition: the name has at most 100 bytes, the content less than 8 GiB.
  static func entry(_ name: String, _ content: [UInt8], for mode: Mode = .all) -> [UInt8] {
    header(Array(name.utf8), size: content.count, mode) + content + padding(content.count)
  }

  /// The files of an archive of which every byte is what `entry` and `end` make it.
  static func entries(_ bytes: [UInt8], for mode: Mode = .all) throws(Damage) -> [Entry] {
    var entries: [Entry] = []
    var names: Set<String> = []
    var place = 0
    while place < bytes.count, bytes[place] != 0 {
      let name = bytes[place...].prefix(100).prefix { $0 != 0 }
      // What cannot stand in a name is shown as a question mark, which stands in none either.
      let text = String(
        decoding: name.map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
      func check(_ isRight: Bool, _ what: String) throws(Damage) {
        guard isRight else { throw Damage(name: text, what: what) }
      }
      let size = Int(
        String(decoding: bytes[place...].dropFirst(124).prefix(11), as: UTF8.self), radix: 8)
      let head = size.map { header(Array(name), size: max($0, 0), mode) } ?? []
      let isHeader = bytes[place...].prefix(block).elementsEqual(head)
      try check(isHeader && names.insert(text).inserted, "has a damaged header")
      let start = place + block
      let end = start + size!
      let gap = padding(size!)
      try check(bytes.count >= end + gap.count, "is not whole")
      try check(bytes[end..<end + gap.count].elementsEqual(gap), "ends in damage")
      entries.append(Entry(name: text, content: start..<end))
      place = end + gap.count
    }
    guard bytes[place...].elementsEqual(end) else {
      throw Damage(name: nil, what: "does not end as it must")
    }
    return entries
  }

  private static func padding(_ size: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: (block - size % block) % block)
  }

  private static func header(_ name: [UInt8], size: Int, _ mode: Mode) -> [UInt8] {
    var bytes = name + [UInt8](repeating: 0, count: 100 - name.count)
    for text in [
      mode.rawValue, "0000000", "0000000", octal(size, digits: 11), octal(0, digits: 11),
    ] {
      bytes += Array(text.utf8) + [0]
    }
    let tail =
      Array("0".utf8) + [UInt8](repeating: 0, count: 100) + Array("ustar\u{0}00".utf8)
      + [UInt8](repeating: 0, count: 247)
    // The checksum is that of the header with eight spaces in its place.
    let sum = (bytes + tail).reduce(8 * 32) { $0 + Int($1) }
    return bytes + Array("\(octal(sum, digits: 6))\u{0} ".utf8) + tail
  }

  /// Longer when the number does not fit, so that no header is like it.
  private static func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: max(digits - text.count, 0)) + text
  }
}
