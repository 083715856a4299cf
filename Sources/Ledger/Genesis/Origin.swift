/// The name of a log in its checkpoints, and of the key that signs them (C2SP signed-note).
enum Origin {
  /// Whether a text can be one: 1 to 255 bytes without white space, control characters and `+`.
  static func isValid(_ text: String) -> Bool {
    let isName = text.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0.properties.generalCategory != .control && $0 != "+"
    }
    return isName && (1...255).contains(text.utf8.count)
  }

  static let problem = FieldProblem(
    "origin", "must be 1 to 255 bytes without white space, control or +")
}
