extension Character {
  /// Numbers are taken in digits alone; Swift would take a sign as well.
  var isASCIIDigit: Bool { isASCII && isWholeNumber }
}
