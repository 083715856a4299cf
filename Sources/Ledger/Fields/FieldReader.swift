package import CanonicalJSON
import Foundation

/// Takes the fields of a request body and collects everything that is wrong with them.
///
/// A field that is wrong yields a placeholder; `finish` throws before one can be used.
package struct FieldReader {
  private let members: [JSON.Member]
  private let path: String
  private var taken: Set<String> = []
  private var problems: [FieldProblem] = []

  /// - Throws: `Rejection.invalidFields` when the body is no object.
  package init(_ json: JSON) throws(Rejection) {
    guard case .object(let members) = json else {
      throw .invalidFields([FieldProblem("", "the body must be a JSON object")])
    }
    self.init(members, path: "")
  }

  private init(_ members: [JSON.Member], path: String) {
    self.members = members
    self.path = path
  }

  /// Throws when a field was wrong, or was there and not asked for.
  package mutating func finish() throws(Rejection) {
    reportUnknown()
    guard problems.isEmpty else { throw .invalidFields(problems) }
  }

  package mutating func report(_ field: String, _ message: String) {
    problems.append(FieldProblem(path + field, message))
  }

  private mutating func reportUnknown() {
    for member in members where !taken.contains(member.name) {
      report(member.name, "is not a field of this request")
    }
  }

  /// Whether a field is there, be it null. In a merge patch (RFC 7396) an absent field stays as it
  /// is, and null takes its value away.
  package func has(_ field: String) -> Bool { members.contains { $0.name == field } }

  /// The member `reason` that every change may have: why, for the log; 1 to 500 characters.
  package mutating func reason(isRequired: Bool = false) -> String? {
    if isRequired { return name("reason", scalars: 1...500) }
    return optionalName("reason", scalars: 1...500)
  }

  /// The value of a field; nil when it is absent or null.
  private mutating func take(_ field: String) -> JSON? {
    taken.insert(field)
    guard let member = members.first(where: { $0.name == field }) else { return nil }
    return member.value == .null ? nil : member.value
  }

  private mutating func take(required field: String) -> JSON? {
    let value = take(field)
    if value == nil { report(field, "is required") }
    return value
  }

  /// A name as a person gives it: kept in Unicode's composed form (NFC), counted in scalars,
  /// without control and invisible characters and without white space at its ends.
  package mutating func name(_ field: String, scalars: ClosedRange<Int>) -> String {
    guard let value = take(required: field) else { return "" }
    return checkedName(field, value, scalars)
  }

  package mutating func optionalName(_ field: String, scalars: ClosedRange<Int>) -> String? {
    guard let value = take(field) else { return nil }
    return checkedName(field, value, scalars)
  }

  private mutating func checkedName(
    _ field: String, _ value: JSON, _ scalars: ClosedRange<Int>
  ) -> String {
    guard case .string(let given) = value else {
      report(field, "must be a string")
      return ""
    }
    let name = given.precomposedStringWithCanonicalMapping
    if !scalars.contains(name.unicodeScalars.count) {
      report(field, "must be \(scalars.lowerBound) to \(scalars.upperBound) characters long")
    }
    if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      report(field, "must not contain control characters")
    } else if name.isDeceptive {
      report(field, "must not contain invisible, unassigned or private characters")
    }
    if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
      report(field, "must not begin or end with white space")
    }
    return name
  }

  package mutating func integer(
    _ field: String, in range: ClosedRange<Int64>, default: Int64? = nil
  ) -> Int64 {
    guard let value = `default` == nil ? take(required: field) : take(field) else {
      return `default` ?? range.lowerBound
    }
    guard case .integer(let integer) = value, range.contains(integer) else {
      report(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return range.lowerBound
    }
    return integer
  }

  package mutating func currency(_ field: String) -> Currency {
    let placeholder = Currency("USD")!
    guard let value = take(required: field) else { return placeholder }
    guard case .string(let code) = value, let currency = Currency(code) else {
      report(field, "must be an ISO 4217 currency code")
      return placeholder
    }
    return currency
  }

  package mutating func identifier(_ field: String, _ kind: Identifier.Kind) -> Identifier {
    guard let value = take(required: field) else { return Self.placeholder(kind) }
    return checkedIdentifier(field, value, kind)
  }

  package mutating func optionalIdentifier(
    _ field: String, _ kind: Identifier.Kind
  ) -> Identifier? {
    guard let value = take(field) else { return nil }
    return checkedIdentifier(field, value, kind)
  }

  private mutating func checkedIdentifier(
    _ field: String, _ value: JSON, _ kind: Identifier.Kind
  ) -> Identifier {
    guard case .string(let text) = value, let identifier = Identifier(text, kind) else {
      report(field, "must be an identifier that begins with \(kind.rawValue)_")
      return Self.placeholder(kind)
    }
    return identifier
  }

  /// A list of different identifiers; an absent one is empty.
  mutating func identifiers(
    _ field: String, _ kind: Identifier.Kind, atMost limit: Int
  ) -> [Identifier] {
    guard has(field), let value = take(required: field) else { return [] }
    guard case .array(let items) = value, items.count <= limit else {
      report(field, "must be a list of at most \(limit) identifiers")
      return []
    }
    var seen: Set<Identifier> = []
    return items.enumerated().map { index, item in
      let problems = problems.count
      let id = checkedIdentifier("\(field)[\(index)]", item, kind)
      if problems == self.problems.count, !seen.insert(id).inserted {
        report("\(field)[\(index)]", "is there twice")
      }
      return id
    }
  }

  private static func placeholder(_ kind: Identifier.Kind) -> Identifier {
    Identifier(kind, milliseconds: 0, entropy: (0, 0))
  }

  /// One of some words; the default stands for an absent field.
  package mutating func choice<Choice: RawRepresentable<String>>(
    _ field: String, _ default: Choice?, among choices: [Choice]
  ) -> Choice {
    guard let value = `default` == nil ? take(required: field) : take(field) else {
      return `default` ?? choices[0]
    }
    guard let choice = choices.first(where: { .string($0.rawValue) == value }) else {
      report(field, "must be one of \(choices.map(\.rawValue).joined(separator: ", "))")
      return choices[0]
    }
    return choice
  }

  /// A space-separated scope (RFC 6749 §3.3) of at most fifty values, none of them a permission.
  package mutating func scope(_ field: String) -> Scope {
    guard let value = take(required: field) else { return Scope.none }
    guard case .string(let text) = value, let scope = Scope(text), (1...50).contains(scope.count)
    else {
      report(
        field,
        "must be 1 to 50 different scope values of printable ASCII, separated by one space, of at most "
          + "1000 characters")
      return Scope.none
    }
    for value in scope.reserved {
      report(field, "\(value) has a colon, as permissions have; a client gets those by its roles")
    }
    return scope
  }

  /// A list of strings.
  package mutating func strings(_ field: String, count: ClosedRange<Int>) -> [String] {
    guard let value = take(required: field) else { return [] }
    guard let items = value.array, count.contains(items.count) else {
      report(field, "must be a list of \(count.lowerBound) to \(count.upperBound) strings")
      return []
    }
    var strings: [String] = []
    for (index, item) in items.enumerated() {
      if item.string == nil { report("\(field)[\(index)]", "must be a string") }
      strings.append(item.string ?? "")
    }
    return strings
  }

  /// An absolute http or https address.
  package mutating func optionalAddress(_ field: String) -> String? {
    guard let value = take(field) else { return nil }
    guard case .string(let text) = value, WebAddress.isAbsolute(text) else {
      report(field, "must be an absolute http or https URI of at most 2048 characters")
      return nil
    }
    return text
  }

  /// What `read` makes of a field that is there; nil when it is not, as in a merge patch that
  /// leaves it as it is (RFC 7396).
  package mutating func ifPresent<Value>(
    _ field: String, _ read: (inout FieldReader) -> Value
  ) -> Value? {
    has(field) ? read(&self) : nil
  }

  package mutating func flag(_ field: String, default: Bool) -> Bool {
    guard let value = take(field) else { return `default` }
    guard case .bool(let flag) = value else {
      report(field, "must be true or false")
      return `default`
    }
    return flag
  }

  /// As `optionalText`, for a field that must be there.
  mutating func text(
    _ field: String, _ message: String, where fits: (String) -> Bool
  ) -> String? {
    guard take(required: field) != nil else { return nil }
    return optionalText(field, message, where: fits)
  }

  /// Text that fits a rule.
  ///
  /// - Parameter message: says what the rule is.
  package mutating func optionalText(
    _ field: String, _ message: String, where fits: (String) -> Bool
  ) -> String? {
    guard let value = take(field) else { return nil }
    guard case .string(let text) = value, fits(text) else {
      report(field, message)
      return nil
    }
    return text
  }

  /// A list of different texts that each fit a rule; null is none.
  ///
  /// - Parameter message: says what the rule is.
  package mutating func optionalTexts(
    _ field: String, atMost limit: Int, _ message: String, where fits: (String) -> Bool
  ) -> [String] {
    guard let value = take(field) else { return [] }
    guard case .array(let items) = value, items.count <= limit else {
      report(field, "must be a list of at most \(limit) strings")
      return []
    }
    var texts: [String] = []
    for (index, item) in items.enumerated() {
      guard case .string(let text) = item, fits(text) else {
        report("\(field)[\(index)]", message)
        continue
      }
      if texts.contains(text) { report("\(field)[\(index)]", "is there twice") }
      texts.append(text)
    }
    return texts
  }

  /// A list that must hold every one of some words, each once, in any order.
  package mutating func complete(_ field: String, _ words: [String]) {
    guard let value = take(required: field) else { return }
    guard let items = value.array, items.count == words.count,
      Set(items.compactMap(\.string)) == Set(words)
    else {
      report(field, "must hold each of \(words.joined(separator: ", ")) once")
      return
    }
  }

  /// The fields of an object; not called when the field is absent.
  package mutating func object(_ field: String, _ read: (inout FieldReader) -> Void) {
    guard has(field) else { return }
    guard case .object(let members)? = take(field) else {
      report(field, "must be an object")
      return
    }
    var reader = FieldReader(members, path: "\(path)\(field).")
    read(&reader)
    reader.reportUnknown()
    problems += reader.problems
  }

  /// A list of objects.
  package mutating func list<Value>(
    _ field: String, count: ClosedRange<Int>, _ read: (inout FieldReader) -> Value
  ) -> [Value] {
    guard let value = take(required: field) else { return [] }
    guard case .array(let items) = value, count.contains(items.count) else {
      report(field, "must be a list of \(count.lowerBound) to \(count.upperBound) objects")
      return []
    }
    var result: [Value] = []
    for (index, item) in items.enumerated() {
      guard case .object(let members) = item else {
        report("\(field)[\(index)]", "must be an object")
        continue
      }
      var reader = FieldReader(members, path: "\(path)\(field)[\(index)].")
      result.append(read(&reader))
      reader.reportUnknown()
      problems += reader.problems
    }
    return result
  }
}
