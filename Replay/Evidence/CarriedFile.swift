import CSchemas

/// A file that the program carries.
struct CarriedFile {
  let name: String
  let content: [UInt8]

  private init(_ file: embedded_file) {
    name = unsafe String(cString: file.name)
    content = unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.size))
  }

  /// What a bundle says of itself, in words.
  static let readme = unsafe CarriedFile(evidence_readme)
  /// The script that checks bundles.
  static let script = unsafe CarriedFile(evidence_script)

  /// The schemas of events by their names: `TYPE.REVISION`, and those that they refer to.
  static let schemas: [String: CarriedFile] = {
    let files = unsafe UnsafeBufferPointer(start: event_schemas(), count: event_schema_count())
    let named = unsafe files.map { file in
      let file = unsafe CarriedFile(file)
      return (String(file.name.dropLast(suffix.count)), file)
    }
    return Dictionary(uniqueKeysWithValues: named)
  }()

  /// The types of events that there are schemas of.
  static let types: Set<String> = {
    let names = schemas.keys.compactMap { name in
      name.lastIndex(of: ".").map { String(name[..<$0]) }
    }
    return Set(names)
  }()

  private static let suffix = ".schema.json"
}
