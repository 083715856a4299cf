/// A JSON value of the closed kind that the ledger keeps: integers instead of floating-point
/// numbers, objects without duplicate names, strings without lone surrogates.
///
/// Values are equal when they are written alike: strings and names by their code units, so that
/// composed and decomposed forms of a character differ, and members in the same order.
package enum JSON: Sendable {
  case null
  case bool(Bool)
  /// Between −(2^53−1) and 2^53−1, the integers that every JSON reader keeps exactly (RFC 7493
  /// §2.2).
  case integer(Int64)
  case string(String)
  case array([JSON])
  case object([Member])

  /// One member of an object.
  package struct Member: Sendable {
    package let name: String
    package let value: JSON

    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// The integers that `parse` accepts and that may be written.
  package static let integers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991
}

extension JSON {
  /// The value of an object's member of that name, compared by code units; nil when there is none
  /// or when this is not an object.
  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { hasSameCodeUnits($0.name, name) }?.value
  }

  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  package var array: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// An object's members in the order in which they were written.
  package var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension JSON: Equatable {
  package static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.string(let left), .string(let right)): hasSameCodeUnits(left, right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }
}

extension JSON.Member: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    hasSameCodeUnits(left.name, right.name) && left.value == right.value
  }
}
