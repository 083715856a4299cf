extension String {
  /// Whether it is the same code units. Swift's `==` holds some texts equal that are not.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
