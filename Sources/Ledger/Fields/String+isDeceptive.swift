extension String {
  /// Whether the text can look like another one: it has characters that show nothing (Unicode
  /// Standard Annex #44, `Default_Ignorable_Code_Point`), that turn the direction of what follows,
  /// or that are unassigned or private. Those that hold an emoji together are fine between emoji.
  var isDeceptive: Bool {
    let scalars = Array(unicodeScalars)
    return scalars.indices.contains { index in
      scalars[index].isInvisible && !Self.holdsEmojiTogether(scalars, at: index)
    }
  }

  /// U+200D between two emoji, and U+FE0F behind one (Unicode Technical Standard #51).
  private static func holdsEmojiTogether(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    let before = index > 0 && (scalars[index - 1].isPictorial || scalars[index - 1] == "\u{FE0F}")
    switch scalars[index] {
    case "\u{FE0F}": return before
    case "\u{200D}": return before && index + 1 < scalars.count && scalars[index + 1].isPictorial
    default: return false
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isInvisible: Bool {
    if properties.isDefaultIgnorableCodePoint { return true }
    switch properties.generalCategory {
    case .format, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: return true
    // The Braille pattern without dots.
    default: return self == "\u{2800}"
    }
  }

  /// An emoji that is no ASCII character.
  fileprivate var isPictorial: Bool { properties.isEmoji && !isASCII }
}
