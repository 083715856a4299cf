package import CanonicalJSON

/// A stored object that does not have the members it must have.
package struct MalformedObject: Error, Sendable, CustomStringConvertible {
  package let description: String
}

/// Takes the members of a stored object one by one and knows which were left.
package struct ObjectReader {
  private let members: [JSON.Member]
  private let path: String
  private var taken = 0
  /// Where the next member asked for most likely is: readers mostly ask in canonical order.
  private var next = 0

  package init(_ json: JSON) throws(MalformedObject) { try self.init(json, path: "") }

  private init(_ json: JSON, path: String) throws(MalformedObject) {
    guard case .object(let members) = json else {
      throw MalformedObject(description: "\(path.isEmpty ? "the value" : path) is no object")
    }
    self.members = members
    self.path = path
  }

  /// Throws when the object has a member that was not asked for.
  package func finish() throws(MalformedObject) {
    guard taken == members.count else {
      throw MalformedObject(
        description: "\(path.isEmpty ? "the object" : path) has members that do not belong there")
    }
  }

  func malformed(_ name: String, _ what: String) -> MalformedObject {
    MalformedObject(description: "\(path)\(path.isEmpty ? "" : ".")\(name) \(what)")
  }

  private mutating func take(_ name: String) -> JSON? {
    guard let place = place(of: name) else { return nil }
    taken += 1
    next = place + 1
    return members[place].value
  }

  /// - Parameter name: lower-case ASCII, to which no other text is equal in Swift.
  private func place(of name: String) -> Int? {
    if next < members.count, members[next].name == name { return next }
    let members = members.span
    let count = name.utf8.count
    for place in members.indices
    where members[place].name.utf8.count == count && members[place].name == name {
      return place
    }
    return nil
  }

  private func missing(_ name: String) -> MalformedObject {
    malformed(name, "is missing or of another type")
  }

  mutating func optionalString(_ name: String) throws(MalformedObject) -> String? {
    guard let value = take(name) else { return nil }
    guard case .string(let string) = value else { throw missing(name) }
    return string
  }

  mutating func string(_ name: String) throws(MalformedObject) -> String {
    guard let value = try optionalString(name) else { throw missing(name) }
    return value
  }

  mutating func optionalBool(_ name: String) throws(MalformedObject) -> Bool? {
    guard let value = take(name) else { return nil }
    guard case .bool(let bool) = value else { throw missing(name) }
    return bool
  }

  mutating func bool(_ name: String) throws(MalformedObject) -> Bool {
    guard let value = try optionalBool(name) else { throw missing(name) }
    return value
  }

  mutating func optionalInteger(_ name: String) throws(MalformedObject) -> Int64? {
    guard let value = take(name) else { return nil }
    guard case .integer(let integer) = value else { throw missing(name) }
    return integer
  }

  mutating func integer(_ name: String) throws(MalformedObject) -> Int64 {
    guard let value = try optionalInteger(name) else { throw missing(name) }
    return value
  }

  /// Whole seconds since 1970, more than none, up to the last that a timestamp can have.
  mutating func optionalEpochSecond(_ name: String) throws(MalformedObject) -> Int64? {
    guard let value = try optionalInteger(name) else { return nil }
    guard value > 0, value <= Timestamp.lastSecond else { throw malformed(name, "is no time") }
    return value
  }

  mutating func epochSecond(_ name: String) throws(MalformedObject) -> Int64 {
    guard let value = try optionalEpochSecond(name) else { throw missing(name) }
    return value
  }

  /// An integer that is a position: not negative.
  mutating func optionalPosition(_ name: String) throws(MalformedObject) -> Position? {
    guard let value = try optionalInteger(name) else { return nil }
    guard value >= 0 else { throw malformed(name, "is negative") }
    return Position(value)
  }

  mutating func position(_ name: String) throws(MalformedObject) -> Position {
    guard let value = try optionalPosition(name) else { throw missing(name) }
    return value
  }

  mutating func optionalIdentifier(
    _ name: String, _ kind: Identifier.Kind
  ) throws(MalformedObject) -> Identifier? {
    guard let text = try optionalString(name) else { return nil }
    guard let identifier = Identifier(text, kind) else {
      throw malformed(name, "is no \(kind.rawValue)_ identifier")
    }
    return identifier
  }

  mutating func identifier(
    _ name: String, _ kind: Identifier.Kind
  ) throws(MalformedObject) -> Identifier {
    guard let identifier = try optionalIdentifier(name, kind) else { throw missing(name) }
    return identifier
  }

  mutating func optionalTimestamp(_ name: String) throws(MalformedObject) -> Timestamp? {
    guard let text = try optionalString(name) else { return nil }
    guard let timestamp = Timestamp(text) else {
      throw malformed(name, "is no time in the form of the log")
    }
    return timestamp
  }

  mutating func timestamp(_ name: String) throws(MalformedObject) -> Timestamp {
    guard let timestamp = try optionalTimestamp(name) else { throw missing(name) }
    return timestamp
  }

  /// A string that is one of an enumeration's raw values.
  mutating func optionalChoice<Choice: RawRepresentable<String>>(
    _ name: String, _ type: Choice.Type
  ) throws(MalformedObject) -> Choice? {
    guard let text = try optionalString(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw malformed(name, "has a value that is not known")
    }
    return choice
  }

  mutating func choice<Choice: RawRepresentable<String>>(
    _ name: String, _ type: Choice.Type
  ) throws(MalformedObject) -> Choice {
    guard let choice = try optionalChoice(name, type) else { throw missing(name) }
    return choice
  }

  mutating func currency(_ name: String) throws(MalformedObject) -> Currency {
    guard let currency = Currency(try string(name)) else {
      throw malformed(name, "is no ISO 4217 currency code")
    }
    return currency
  }

  mutating func optionalScope(_ name: String) throws(MalformedObject) -> Scope? {
    guard let text = try optionalString(name) else { return nil }
    guard let scope = Scope(text) else { throw malformed(name, "is no scope") }
    return scope
  }

  mutating func scope(_ name: String) throws(MalformedObject) -> Scope {
    guard let scope = try optionalScope(name) else { throw missing(name) }
    return scope
  }

  private mutating func array(_ name: String) throws(MalformedObject) -> [JSON] {
    guard case .array(let values)? = take(name) else { throw missing(name) }
    return values
  }

  mutating func optionalStrings(_ name: String) throws(MalformedObject) -> [String]? {
    guard let taken = take(name) else { return nil }
    guard case .array(let values) = taken else { throw missing(name) }
    var result: [String] = []
    for value in values {
      guard case .string(let string) = value else { throw missing(name) }
      result.append(string)
    }
    return result
  }

  mutating func strings(_ name: String) throws(MalformedObject) -> [String] {
    guard let strings = try optionalStrings(name) else { throw missing(name) }
    return strings
  }

  mutating func optionalIntegers(_ name: String) throws(MalformedObject) -> [Int64]? {
    guard let taken = take(name) else { return nil }
    guard case .array(let values) = taken else { throw missing(name) }
    var result: [Int64] = []
    for value in values {
      guard case .integer(let integer) = value else { throw missing(name) }
      result.append(integer)
    }
    return result
  }

  mutating func optionalObject<Value: CanonicalObject>(
    _ name: String, _ type: Value.Type
  ) throws(MalformedObject) -> Value? {
    guard let value = take(name) else { return nil }
    return try Self.read(value, path: extended(name), type)
  }

  mutating func object<Value: CanonicalObject>(
    _ name: String, _ type: Value.Type
  ) throws(MalformedObject) -> Value {
    guard let value = try optionalObject(name, type) else { throw missing(name) }
    return value
  }

  mutating func optionalObjects<Value: CanonicalObject>(
    _ name: String, _ type: Value.Type
  ) throws(MalformedObject) -> [Value]? {
    guard let taken = take(name) else { return nil }
    guard case .array(let values) = taken else { throw missing(name) }
    var result: [Value] = []
    for value in values {
      result.append(try Self.read(value, path: extended(name), type))
    }
    return result
  }

  mutating func objects<Value: CanonicalObject>(
    _ name: String, _ type: Value.Type
  ) throws(MalformedObject) -> [Value] {
    guard let values = try optionalObjects(name, type) else { throw missing(name) }
    return values
  }

  /// A nested object to take members from; the caller finishes it.
  mutating func nested(_ name: String) throws(MalformedObject) -> ObjectReader {
    guard let value = take(name) else { throw missing(name) }
    return try ObjectReader(value, path: extended(name))
  }

  private func extended(_ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }

  private static func read<Value: CanonicalObject>(
    _ json: JSON, path: String, _ type: Value.Type
  ) throws(MalformedObject) -> Value {
    var reader = try ObjectReader(json, path: path)
    let value = try Value(from: &reader)
    try reader.finish()
    return value
  }
}
