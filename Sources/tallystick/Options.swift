import Foundation

/// The flags of a command, from the environment and, before it, from the arguments.
struct Options {
  private var values: [String: String] = [:]
  private var set: Set<String> = []
  /// What was given beside flags, in order: as many as were asked for.
  private(set) var positionals: [String] = []

  /// - Parameters:
  ///   - positionals: what is needed beside flags, as messages call it.
  ///   - withValue: names of flags that take a value, without `--`.
  ///   - plain: names of those that take none.
  init(
    _ arguments: [String], positionals wanted: [String] = [], withValue: [String], plain: [String]
  ) throws(Failure) {
    for name in withValue { values[name] = Self.environment(name) }
    for name in plain {
      switch Self.environment(name) {
      case nil, "0": break
      case "1": set.insert(name)
      case let value?:
        throw Failure(.usage, "\(Self.variable(name)) must be 1 or 0, not \(value)")
      }
    }
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else {
        guard positionals.count < wanted.count else {
          throw Failure(.usage, "\(argument) is not expected here")
        }
        positionals.append(argument)
        continue
      }
      let halves = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(halves[0])
      if plain.contains(name), halves.count == 1 {
        set.insert(name)
      } else if withValue.contains(name) {
        guard let value = halves.count == 2 ? String(halves[1]) : rest.popFirst() else {
          throw Failure(.usage, "--\(name) needs a value")
        }
        values[name] = value
      } else {
        throw Failure(.usage, "--\(name) is not a flag of this command")
      }
    }
    guard positionals.count == wanted.count else {
      throw Failure(.usage, "\(wanted[positionals.count]) is needed")
    }
  }

  /// An empty variable is as good as none: a file of them may name one without a value.
  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[variable(name)].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func variable(_ name: String) -> String {
    "TALLYSTICK_" + name.uppercased().replacing("-", with: "_")
  }

  func has(_ name: String) -> Bool { set.contains(name) }

  subscript(name: String) -> String? { values[name] }

  /// A count or a position.
  func number(_ name: String) throws(Failure) -> UInt64? {
    guard let text = values[name] else { return nil }
    guard let number = UInt64(text) else {
      throw Failure(.usage, "--\(name) needs a number, not \(text)")
    }
    return number
  }

  func required(_ name: String) throws(Failure) -> String {
    guard let value = values[name], !value.isEmpty else {
      throw Failure(.usage, "--\(name) is needed")
    }
    return value
  }
}
