import CanonicalJSON

/// Where a value stands in a tree: the names of members and indices of elements that lead to it.
struct Place: Hashable, Sendable, CustomStringConvertible {
  enum Step: Hashable, Sendable {
    case name(String)
    case index(Int)
  }

  var steps: [Step]

  static let root = Place(steps: [])

  /// Reads `["data","rates",0,"exponent"]`.
  init?(_ json: JSON) {
    steps = []
    for step in json.array ?? [] {
      switch step {
      case .string(let name): steps.append(.name(name))
      case .integer(let index): steps.append(.index(Int(index)))
      default: return nil
      }
    }
  }

  init(steps: [Step]) { self.steps = steps }

  func appending(_ step: Step) -> Place { Place(steps: steps + [step]) }

  var isMember: Bool {
    if case .name = steps.last { true } else { false }
  }

  /// `data.rates.0.exponent`
  var description: String {
    steps.map { step in
      switch step {
      case .name(let name): name
      case .index(let index): String(index)
      }
    }.joined(separator: ".")
  }
}

extension JSON {
  /// This value and all below it, each with its place.
  func everything(below place: Place = .root) -> [(place: Place, value: JSON)] {
    var result = [(place, self)]
    switch self {
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        result += element.everything(below: place.appending(.index(index)))
      }
    case .object(let members):
      for member in members {
        result += member.value.everything(below: place.appending(.name(member.name)))
      }
    default: break
    }
    return result
  }

  /// The tree with another value at a place, which may be a member that is not there yet; with
  /// none, the tree without that member or element.
  func replacing(_ place: Place, with value: JSON?) -> JSON? {
    guard let step = place.steps.first else { return value }
    let rest = Place(steps: Array(place.steps.dropFirst()))
    switch (self, step) {
    case (.object(let members), .name(let name)):
      let old = self[name] ?? .null
      let new = old.replacing(rest, with: value).map { Member(name, $0) }
      guard let index = members.firstIndex(where: { $0.name == name }) else {
        return .object(members + (new.map { [$0] } ?? []))
      }
      return .object(members[..<index] + (new.map { [$0] } ?? []) + members[(index + 1)...])
    case (.array(let elements), .index(let index)):
      let new = elements[index].replacing(rest, with: value)
      return .array(elements[..<index] + (new.map { [$0] } ?? []) + elements[(index + 1)...])
    default: return self
    }
  }
}
