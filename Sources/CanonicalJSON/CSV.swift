/// JSON values as comma-separated ones (RFC 4180): every row ends with CRLF; a cell with a comma, a quotation
/// mark or a line break stands in quotation marks.
///
/// A text that a spreadsheet would take for a formula, one that begins with `=`, `+`, `-`, `@`, a
/// tab or a carriage return, gets an apostrophe before it.
package enum CSV {
  package static let mediaType = "text/csv"
  /// With the names of the columns in the first row.
  package static let contentType = "text/csv; charset=utf-8; header=present"

  /// One row. Nothing and null are empty cells; arrays of strings are separated by a space, other
  /// arrays and objects are JSON.
  package static func row(_ cells: [JSON?]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(cell ?? .null, to: &bytes)
    }
    return bytes + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }

  package static func header(_ names: [String]) -> [UInt8] { row(names.map { .string($0) }) }

  private static func append(_ cell: JSON, to bytes: inout [UInt8]) {
    switch cell {
    case .null: return
    case .bool, .integer: bytes += cell.canonicalBytes()
    case .string(let text): append(text: Array(text.utf8), to: &bytes)
    case .array(let elements):
      let strings = elements.compactMap(\.string)
      let isText = strings.count == elements.count
      let text = isText ? Array(strings.joined(separator: " ").utf8) : cell.canonicalBytes()
      append(text: text, to: &bytes)
    case .object: append(text: cell.canonicalBytes(), to: &bytes)
    }
  }

  private static func append(text: [UInt8], to bytes: inout [UInt8]) {
    let isFormula = text.first.map(formulaStarts.contains) ?? false
    guard text.contains(where: quoted.contains) else {
      bytes += isFormula ? [apostrophe] + text : text
      return
    }
    bytes.append(quote)
    if isFormula { bytes.append(apostrophe) }
    for byte in text { bytes += byte == quote ? [quote, quote] : [byte] }
    bytes.append(quote)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let apostrophe = UInt8(ascii: "'")
  private static let quoted = Array(",\"\r\n".utf8)
  private static let formulaStarts = Array("=+-@\t\r".utf8)
}
