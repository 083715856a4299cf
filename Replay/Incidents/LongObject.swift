import CanonicalJSON

/// Writes one JSON object member by member, and what is long in pieces.
final class LongObject {
  private let emit: ([UInt8]) throws -> Void
  private var bytes = [UInt8(ascii: "{")]
  private var isFirst = true

  private static let pieceSize = 65_536

  init(_ emit: @escaping ([UInt8]) throws -> Void) { self.emit = emit }

  func member(_ name: String, _ value: JSON) throws {
    open(name)
    try append(value.canonicalBytes())
  }

  /// - Parameter body: lends one item after the other.
  func list(_ name: String, _ body: ((JSON) throws -> Void) throws -> Void) throws {
    open(name)
    bytes.append(UInt8(ascii: "["))
    isFirst = true
    try body { item in
      separate()
      try append(item.canonicalBytes())
    }
    bytes.append(UInt8(ascii: "]"))
    isFirst = false
  }

  /// - Parameter body: writes the members of the inner object.
  func object(_ name: String, _ body: () throws -> Void) throws {
    open(name)
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
    try body()
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  func end() throws { try emit(bytes + [UInt8(ascii: "}")]) }

  private func open(_ name: String) {
    separate()
    bytes += Array("\"\(name)\":".utf8)
  }

  private func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private func append(_ value: [UInt8]) throws {
    bytes += value
    guard bytes.count >= Self.pieceSize else { return }
    try emit(bytes)
    bytes = []
  }
}
