extension Timestamp {
  /// Reads any date and time of RFC 3339 §5.6 but leap seconds; digits beyond microseconds are
  /// dropped. Nil for moments before 1970.
  package init?(internet text: String) {
    let form =
      /([0-9-]{10})[Tt]([0-9:]{8})(?:\.([0-9]{1,9}))?(?:[Zz]|([+-])([0-9]{2}):([0-5][0-9]))/
    guard let parts = text.wholeMatch(of: form)?.output else { return nil }
    let fraction = ((parts.3 ?? "") + "000000").prefix(6)
    guard let local = Timestamp("\(parts.1)T\(parts.2).\(fraction)Z") else { return nil }
    let hours = parts.5.flatMap { Int64($0) } ?? 0
    let minutes = parts.6.flatMap { Int64($0) } ?? 0
    guard hours < 24 else { return nil }
    let offset = (hours * 60 + minutes) * 60_000_000
    self.init(microseconds: local.microseconds + (parts.4 == "-" ? offset : -offset))
    guard microseconds >= 0 else { return nil }
  }
}
