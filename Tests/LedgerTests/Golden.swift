import CanonicalJSON
import Foundation
import Testing

/// The stored bytes of one event, `Schemas/golden/<type>.<revision>[.<variant>].json`.
struct Golden: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]

  static let schemas = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Schemas")

  /// Every golden event there is.
  static func all() throws -> [Golden] {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: schemas.appending(path: "golden").path)
    return try names.sorted().map(named)
  }

  static func named(_ name: String) throws -> Golden {
    Golden(name: name, bytes: try bytes("golden/\(name)"))
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: schemas.appending(path: path)))
  }

  /// `token.issued` of `token.issued.1.test.json`.
  var type: String { name.split(separator: ".").prefix(2).joined(separator: ".") }

  var tree: JSON {
    get throws { try JSON.parseCanonical(bytes) }
  }

  var testDescription: String { name }
}
