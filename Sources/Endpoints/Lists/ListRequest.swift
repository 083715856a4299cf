import CanonicalJSON
import Cryptography
import Foundation
import HTTPServer
import Ledger
import Projections

/// What a request for a list asks, read from its query.
///
/// For each column `c` of the listing: `c` is its value, `c.prefix` what a text begins with, `c.from`
/// and `c.to` what it is not below, and below. `q` is a part of a name or an identifier. `sort` is a
/// column, with `-` before it for the other direction. `page` and `per_page`, or `after` and `before`
/// with what a `Link` gave, say which part; `as_of` says when.
struct ListRequest {
  let conditions: [Condition]
  let text: [UInt8]?
  let sort: Int
  let isDescending: Bool
  /// Sorted by instead of a column of the listing.
  let computedOrder: ComputedColumn?
  let window: ListWindow
  let isWhole: Bool

  /// The names of the parameters that a listing takes.
  static func parameters(_ listing: Listing, _ computed: [ComputedColumn]) -> [String] {
    ["after", "as_of", "before", "page", "per_page", "q", "sort"]
      + listing.columns.flatMap { column in column.suffixes.map { column.name + $0 } }
      + computed.flatMap(\.parameters)
  }

  init(
    _ query: FormParameters, _ listing: Listing, _ computed: [ComputedColumn] = []
  ) throws(Problem) {
    var conditions: [Condition] = []
    for (number, column) in listing.columns.enumerated() {
      conditions += try Self.conditions(number, column, query)
    }
    self.conditions = conditions
    text = query["q"].map { folded(Self.composed($0)) }
    let order = query["sort"] ?? listing.order
    isDescending = order.hasPrefix("-")
    let name = isDescending ? String(order.dropFirst()) : order
    computedOrder = computed.first { $0.name == name && $0.key != nil }
    sort = computedOrder == nil ? try Self.column(name, listing, computed) : 0
    isWhole = query["per_page"] == "all"
    window = try Self.window(query, isWhole: isWhole)
  }

  private static func composed(_ text: String) -> [UInt8] {
    Array(text.precomposedStringWithCanonicalMapping.utf8)
  }

  private static func column(
    _ name: String, _ listing: Listing, _ computed: [ComputedColumn]
  ) throws(Problem) -> Int {
    guard let column = listing.column(name), listing.columns[column].isSorted else {
      let sorted = listing.columns.filter(\.isSorted).map(\.name)
      let names = sorted + computed.filter { $0.key != nil }.map(\.name)
      throw .parameter(
        "sort",
        "must be one of \(names.joined(separator: ", ")), with - before it for the other direction")
    }
    return column
  }

  // MARK: - Conditions

  private static func conditions(
    _ number: Int, _ column: Column, _ query: FormParameters
  ) throws(Problem) -> [Condition] {
    var found: [Condition] = []
    if let text = query[column.name] {
      let value = try column.value(text, column.name)
      found.append(Condition(number, column, .equals(value)))
    }
    if let text = query[column.name + ".prefix"] {
      let key = column.form == .text ? folded(composed(text)) : composed(text)
      found.append(Condition(number, column, .begins(key)))
    }
    let from = try bound(query, column, ".from")
    let to = try bound(query, column, ".to")
    if from != nil || to != nil {
      found.append(Condition(number, column, .between(from ?? [], to)))
    }
    return found
  }

  private static func bound(
    _ query: FormParameters, _ column: Column, _ suffix: String
  ) throws(Problem) -> [UInt8]? {
    let name = column.name + suffix
    guard let text = query[name] else { return nil }
    return column.key(try column.value(text, name))
  }

  // MARK: - The part

  private static func window(
    _ query: FormParameters, isWhole: Bool
  ) throws(Problem) -> ListWindow {
    let given = ["page", "after", "before"].filter { query[$0] != nil }
    if given.count > 1 { throw .parameter(given[1], "cannot stand beside \(given[0])") }
    if isWhole {
      if let name = given.first { throw .parameter(name, "cannot stand beside per_page=all") }
      return ListWindow(.skip(0), size: .max)
    }
    let size = try ListPage(query).size ?? .max
    if let place = query["after"] {
      return ListWindow(.after(try cursor(place, "after")), size: size)
    }
    if let place = query["before"] {
      return ListWindow(.before(try cursor(place, "before")), size: size)
    }
    let (skipped, overflow) = (try ListPage(query).number - 1).multipliedReportingOverflow(by: size)
    return ListWindow(.skip(overflow ? .max : skipped), size: size)
  }

  private static func cursor(_ text: String, _ name: String) throws(Problem) -> [UInt8] {
    guard let place = Base64URL.decode(text), (3...1_000).contains(place.count) else {
      throw .parameter(name, "must be what the Link of an answer gave")
    }
    return place
  }
}

extension Column {
  /// What follows the column's name in the parameters that narrow by it.
  fileprivate var suffixes: [String] {
    switch form {
    case .text: ["", ".prefix", ".from", ".to"]
    case .time, .integer: ["", ".from", ".to"]
    case .words: ["", ".prefix"]
    case .choice, .identifier: [""]
    }
  }

  /// A value as a record has it.
  fileprivate func value(_ text: String, _ parameter: String) throws(Problem) -> [UInt8] {
    switch form {
    case .text, .words: return Array(text.precomposedStringWithCanonicalMapping.utf8)
    case .choice(let words):
      guard words.contains(text) else {
        throw .parameter(parameter, "must be one of \(words.joined(separator: ", "))")
      }
      return Array(text.utf8)
    case .identifier(let kind):
      guard let id = Identifier(text, kind) else {
        throw .parameter(parameter, "must be an identifier that begins with \(kind.rawValue)_")
      }
      return id.ascii
    case .time:
      guard let time = Timestamp(internet: text) else {
        throw .parameter(parameter, "must be a time such as 2026-11-21T05:16:00Z")
      }
      return time.ascii
    case .integer:
      guard let number = Int64(text), JSON.integers.contains(number) else {
        throw .parameter(
          parameter, "must be a whole number of at most 53 bits, with - before it if it is negative"
        )
      }
      return Array(String(number).utf8)
    }
  }
}
