import Foundation

/// One command of `tallystick replay`: its flags, its help, and what it does. Adding one is adding a
/// file beside this one and a line to `all`.
struct ReplayCommand: Sendable {
  let name: String
  /// What it takes beside flags, each needed, as the help calls it: `ID`, `FILE`.
  let arguments: [String]
  /// Flags that take a value, without `--`.
  let withValue: [String]
  /// Flags that take none.
  let plain: [String]
  /// One line of the list of commands.
  let summary: String
  /// What `replay NAME --help` prints below the usage line: every flag and what the answer means.
  let help: String
  let run: @Sendable (Options) throws -> ExitStatus

  init(
    _ name: String, arguments: [String] = [], withValue: [String] = ["data"],
    plain: [String] = ["json"], summary: String, help: String,
    run: @escaping @Sendable (Options) throws -> ExitStatus
  ) {
    self.name = name
    self.arguments = arguments
    self.withValue = withValue
    self.plain = plain
    self.summary = summary
    self.help = help
    self.run = run
  }

  static let all = [
    verify, rebuild, compare, asOf, diff, history, explain, impact, export, check, backup, restore,
    importing,
  ]

  /// The command that the arguments begin with, run with the rest of them.
  static func run(_ arguments: [String]) throws -> ExitStatus {
    let asksForHelp = arguments.contains { Help.flags.contains($0) }
    guard let name = arguments.first, !Help.flags.contains(name) else {
      guard asksForHelp else {
        throw Failure(.usage, "replay needs one of \(names)")
      }
      try Terminal.line(list)
      return .done
    }
    guard let command = all.first(where: { $0.name == name }) else {
      throw Failure(.usage, "there is no replay \(name), but \(names)")
    }
    guard !asksForHelp else {
      try Terminal.line(command.fullHelp)
      return .done
    }
    let options = try Options(
      Array(arguments.dropFirst()), positionals: command.arguments,
      withValue: command.withValue, plain: command.plain)
    do {
      return try command.run(options)
    } catch let error as CocoaError where (error.underlying as NSError?)?.code == Int(EPIPE) {
      // Who read the output wanted no more of it.
      return .negative
    }
  }

  private var fullHelp: String {
    let words = ["usage: tallystick replay", name] + arguments + ["[flags]"]
    return "\(words.joined(separator: " "))\n\n\(help)"
  }

  private static var names: String { all.map(\.name).joined(separator: ", ") }

  private static var list: String {
    """
    usage: tallystick replay COMMAND --data DIR [flags]

    Commands read the log and send nothing; tallystick replay COMMAND --help tells more of each. What
    they say is what is in the log: only verify tells that it is whole and was not changed.

    \(summaries(indentedBy: 2))
    """
  }

  /// A line for every command.
  ///
  /// - Parameter indentation: in spaces.
  static func summaries(indentedBy indentation: Int) -> String {
    let width = all.map(\.name.count).max()! + 2
    let lines = all.map {
      String(repeating: " ", count: indentation)
        + $0.name.padding(toLength: width, withPad: " ", startingAt: 0) + $0.summary
    }
    return lines.joined(separator: "\n")
  }
}
