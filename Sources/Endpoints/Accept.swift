import HTTPServer

extension Request {
  /// The media type among those on offer that the client likes best; see `Accept`.
  func preferred(among offered: [String]) -> String {
    Accept(headers(named: "accept")).preferred(among: offered)
  }
}

/// What a client wants to read (RFC 9110 §12.5.1).
struct Accept {
  private let ranges: [MediaRange]

  /// - Parameter values: those of all `Accept` headers.
  init(_ values: [String]) {
    ranges = values.flatMap { $0.split(separator: ",") }.map(MediaRange.init)
  }

  /// The type of the greatest weight, the first of several; also the first of all when the client
  /// does not say, or wants none of them.
  func preferred(among offered: [String]) -> String {
    var best = (type: offered[0], weight: 0.0)
    for type in offered where weight(type) > best.weight { best = (type, weight(type)) }
    return best.type
  }

  /// That of the range that says most of the type.
  private func weight(_ type: String) -> Double {
    ranges.filter { $0.covers(type) }.max { $0.precision < $1.precision }?.weight ?? 0
  }
}

/// One element of `Accept`: `text/csv;q=0.5`, `text/*`, `*/*`.
private struct MediaRange {
  private let name: String
  let weight: Double

  init(_ element: Substring) {
    let parts = element.split(separator: ";").map { part in
      part.filter { !$0.isWhitespace }.lowercased()
    }
    name = parts.first ?? ""
    let quality = parts.dropFirst().first { $0.hasPrefix("q=") }
    weight = quality.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
  }

  var precision: Int { name == "*/*" ? 0 : name.hasSuffix("/*") ? 1 : 2 }

  func covers(_ type: String) -> Bool {
    name == type || name == "*/*" || name.hasSuffix("/*") && type.hasPrefix(name.dropLast())
  }
}
