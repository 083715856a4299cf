import CanonicalJSON
import HTTPServer
import Ledger

/// What narrows a report.
struct ReportParameter: Sendable {
  enum Form: Sendable {
    /// A whole number, with what it is unless given.
    case integer(ClosedRange<Int>, default: Int)
    /// One of these words; all of them unless given.
    case choice([String])
    /// All things of the kind unless given.
    case identifier(Identifier.Kind)
  }

  let name: String
  let description: String
  let form: Form

  init(_ name: String, _ description: String, _ form: Form) {
    self.name = name
    self.description = description
    self.form = form
  }

  static func days(_ description: String, default days: Int) -> ReportParameter {
    ReportParameter("days", description, .integer(0...36_500, default: days))
  }

  var representation: JSON {
    .object([.init("description", .string(description)), .init("name", .string(name))] + limits)
  }

  private var limits: [JSON.Member] {
    switch form {
    case .integer(let range, let standard):
      [
        .init("default", .integer(Int64(standard))),
        .init("maximum", .integer(Int64(range.upperBound))),
        .init("minimum", .integer(Int64(range.lowerBound))),
      ]
    case .choice(let words): [.init("values", .array(words.map { .string($0) }))]
    case .identifier(let kind): [.init("prefix", .string(kind.rawValue + "_"))]
    }
  }

  /// Nil for a parameter that was not given and has no standard.
  fileprivate func value(_ text: String?) throws(Problem) -> JSON? {
    switch form {
    case .integer(let range, let standard):
      guard let text else { return .integer(Int64(standard)) }
      guard let number = Int(text), range.contains(number) else {
        throw refusal("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .integer(Int64(number))
    case .choice(let words):
      guard let text else { return nil }
      guard words.contains(text) else {
        throw refusal("one of \(words.joined(separator: ", "))")
      }
      return .string(text)
    case .identifier(let kind):
      guard let text else { return nil }
      guard Identifier(text, kind) != nil else {
        throw refusal("an identifier that begins with \(kind.rawValue)_")
      }
      return .string(text)
    }
  }

  private func refusal(_ form: String) -> Problem { .parameter(name, "must be \(form)") }
}

/// The parameters that a report was asked with.
struct ReportArguments: Sendable {
  private let values: [(name: String, value: JSON)]

  init(_ parameters: [ReportParameter], _ query: FormParameters) throws(Problem) {
    var values: [(name: String, value: JSON)] = []
    for parameter in parameters {
      if let value = try parameter.value(query[parameter.name]) {
        values.append((parameter.name, value))
      }
    }
    self.values = values
  }

  private func value(_ name: String) -> JSON? { values.first { $0.name == name }?.value }

  /// The parameter `days`.
  var days: Int64 { value("days")?.integer ?? 0 }

  /// Whether a thing is to be reported, as far as a parameter narrows it.
  func allow(_ name: String, _ text: String) -> Bool {
    value(name).map { $0 == .string(text) } ?? true
  }

  var representation: JSON { .object(values.map { .init($0.name, $0.value) }) }
}
