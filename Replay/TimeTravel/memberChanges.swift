import CanonicalJSON
import Narrative

/// The members of a thing that are not what they were. One inside another is named by the way to it:
/// `policy/new_network/action`, `domains/shop.example/active`.
func memberChanges(from old: JSON, to new: JSON) -> [Change] {
  let (before, after) = (leaves(of: old), leaves(of: new))
  return Set(before.keys).union(after.keys).sorted().compactMap { name in
    before[name] == after[name]
      ? nil : Change(member: name, from: before[name], to: after[name])
  }
}

/// What is no object and no list of objects, by the way to it.
private func leaves(of value: JSON, at way: String = "") -> [String: JSON] {
  let parts: [(name: String, value: JSON)]
  switch value {
  case .object(let members): parts = members.map { ($0.name, $0.value) }
  case .array(let elements) where !elements.isEmpty && elements.allSatisfy({ $0.members != nil }):
    parts = elements.map { (name(of: $0), $0) }
  case .array(let elements) where elements.isEmpty: return [:]
  default: return [way: value]
  }
  return parts.reduce(into: [:]) { found, part in
    let place = way.isEmpty ? part.name : "\(way)/\(part.name)"
    found.merge(leaves(of: part.value, at: place)) { $1 }
  }
}

/// What tells an element of a list from the others: its domain, its name, or its item and currency.
private func name(of element: JSON) -> String {
  let names = ["domain", "name", "item", "currency"].compactMap { element[$0]?.string }
  return names.joined(separator: " ")
}
