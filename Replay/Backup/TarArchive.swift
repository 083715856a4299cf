/// Small files in one, as `tar` reads and writes them: the ustar format of POSIX.1-2017 (pax,
/// "ustar Interchange Format"), plain files without folders, and the same bytes for the same files.
struct TarArchive: Sendable, Hashable {
  struct Entry: Sendable, Hashable {
    /// 1 to 100 bytes of ASCII without a slash.
    let name: String
    let content: [UInt8]
  }

  let entries: [Entry]

  private static let blockSize = 512

  init(_ entries: [Entry]) { self.entries = entries }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes += Self.header(entry) + entry.content
      bytes += Self.padding(behind: entry.content.count)
    }
    return bytes + [UInt8](repeating: 0, count: 2 * Self.blockSize)
  }

  /// Reads an archive of plain files; nil for anything else, a name that leads elsewhere included.
  init?(_ bytes: [UInt8]) {
    var entries: [Entry] = []
    var rest = bytes[...]
    while rest.first != 0 {
      guard rest.count >= Self.blockSize,
        let (name, size) = Self.read(header: Array(rest.prefix(Self.blockSize)))
      else { return nil }
      rest = rest.dropFirst(Self.blockSize)
      guard rest.count >= size else { return nil }
      entries.append(Entry(name: name, content: Array(rest.prefix(size))))
      rest = rest.dropFirst(size + Self.padding(behind: size).count)
    }
    guard rest.allSatisfy({ $0 == 0 }) else { return nil }
    self.init(entries)
  }

  private static func padding(behind count: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: (blockSize - count % blockSize) % blockSize)
  }

  /// For a file that its owner alone reads.
  private static func header(_ entry: Entry) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: blockSize)
    func put(_ text: String, at offset: Int) {
      block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(entry.name, at: Field.name.lowerBound)
    put("0000600", at: 100)
    for number in [108, 116] { put("0000000", at: number) }
    put(octal(entry.content.count, digits: 11), at: Field.size.lowerBound)
    put("00000000000", at: 136)
    put("0", at: Field.kind)
    put("ustar\u{0}00", at: Field.magic.lowerBound)
    put(octal(checksum(of: block), digits: 6) + "\u{0} ", at: Field.checksum.lowerBound)
    return block
  }

  private static func read(header block: [UInt8]) -> (name: String, size: Int)? {
    let name = text(block[Field.name])
    guard text(block[Field.magic]) == "ustar", block[Field.kind] == UInt8(ascii: "0"),
      number(block[Field.checksum]) == checksum(of: block), isPlain(name),
      let size = number(block[Field.size])
    else { return nil }
    return (name, size)
  }

  private enum Field {
    static let name = 0..<100
    static let size = 124..<136
    static let checksum = 148..<156
    static let kind = 156
    static let magic = 257..<265
  }

  /// Of all bytes of a header, those of the checksum taken as spaces.
  private static func checksum(of block: [UInt8]) -> Int {
    block.indices.reduce(0) { $0 + Int(Field.checksum.contains($1) ? 0x20 : block[$1]) }
  }

  private static func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: digits - text.count) + text
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    Int(text(field).split(separator: " ").joined(), radix: 8).flatMap { $0 < 0 ? nil : $0 }
  }

  /// Up to the first NUL.
  private static func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.contains("/")
  }
}
