import Endpoints
import Foundation

/// The program: which command, and with what status it ends.
@main
enum Tallystick {
  static func main() {
    // A reader that went away is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    var arguments = Array(CommandLine.arguments.dropFirst())
    do {
      exit(try run(&arguments).rawValue)
    } catch let failure as Failure {
      Terminal.error(failure.message)
      exit(failure.status.rawValue)
    } catch {
      Terminal.error((error as? CocoaError)?.localizedDescription ?? "\(error)")
      exit(ExitStatus.unreadable.rawValue)
    }
  }

  private static func run(_ arguments: inout [String]) throws -> ExitStatus {
    var status = ExitStatus.done
    guard !arguments.isEmpty else { throw Failure(.usage, "no command is given\n\n\(Help.text)") }
    let command = arguments.removeFirst()
    if command != "replay", arguments.contains(where: { Help.flags.contains($0) }) {
      print(Help.text)
      return .done
    }
    switch command {
    case "init": try initialize(arguments)
    case "serve": status = try serve(arguments)
    case "replay": status = try ReplayCommand.run(arguments)
    case "help", "--help", "-h": print(Help.text)
    case "--version": print("tallystick \(Build.version)")
    default: throw Failure(.usage, "there is no command \(command)\n\n\(Help.text)")
    }
    return status
  }
}

/// How the program ends.
enum ExitStatus: Int32 {
  case done = 0
  /// The answer is no: a bad record, a difference, a server that had to stop or cannot start now.
  case negative = 1
  /// The call was wrong.
  case usage = 2
  /// The data could not be read.
  case unreadable = 3
}

/// A sentence for the person at the terminal and the status to end with.
struct Failure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}
