/// Metrics as Prometheus reads them: its text exposition format, version 0.0.4.
///
/// Names of metrics and labels are the program's own and taken as they are.
package struct Exposition: Sendable {
  package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  package enum Kind: String, Sendable {
    case counter, gauge
  }

  package typealias Label = (name: String, value: String)

  package private(set) var text = ""

  package init() {}

  /// One metric without labels.
  package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    add(name, kind, help, [([], value)])
  }

  /// All samples of one metric. To be called once for each name.
  package mutating func add(
    _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [Label], value: Double)]
  ) {
    describe(name, kind.rawValue, help)
    for sample in samples { append(name, sample.labels, sample.value) }
  }

  /// One metric that is a histogram, for each set of labels.
  ///
  /// - Parameter divisor: how many of the histograms' units make one that is shown: 1e6 for
  ///   microseconds shown as seconds.
  package mutating func add(
    _ name: String, _ help: String, _ samples: [(labels: [Label], value: Histogram)],
    dividedBy divisor: Double = 1
  ) {
    describe(name, "histogram", help)
    for (labels, histogram) in samples {
      var total: UInt64 = 0
      for (index, count) in histogram.counts.enumerated() {
        total += count
        let bound = index < histogram.bounds.count ? Double(histogram.bounds[index]) : .infinity
        append(name + "_bucket", labels + [("le", Self.number(bound / divisor))], Double(total))
      }
      append(name + "_sum", labels, Double(histogram.sum) / divisor)
      append(name + "_count", labels, Double(total))
    }
  }

  private mutating func describe(_ name: String, _ kind: String, _ help: String) {
    text += "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(kind)\n"
  }

  private mutating func append(_ name: String, _ labels: [Label], _ value: Double) {
    text += name
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(Self.number(value))\n"
  }

  /// Backslashes and line feeds, and in the values of labels quotation marks too.
  private static func escaped(_ text: String, quotes: Bool = false) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whole numbers without a fraction, so that counts look like counts.
  private static func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    return Int64(exactly: value).map(String.init) ?? "\(value)"
  }
}
