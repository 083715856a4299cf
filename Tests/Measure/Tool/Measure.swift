import CanonicalJSON
import Ledger

/// What `Scripts/bench`, `Scripts/interop` and the counts of instructions need from inside the program:
/// the sequencer without HTTP, LMDB without the ledger, the codec alone, a log of any size. Prints
/// one JSON object of integers.
///
/// ```
/// measure fill DATA PROJECT CLIENTS TOKENS WAITING [SCOPE]    adds clients and tokens to a ledger
/// measure append DATA PROJECT CLIENTS TOKENS WAITING SCRATCH  the same, beside LMDB alone
/// measure replay DATA SCRATCH                                 a rebuild, and LMDB alone
/// measure encode|parse EVENT COUNT                            the codec on the file of one event
/// measure log DATA FOLDER SIZE…                               a log, published at each of the sizes
/// ```
///
/// DATA was made by `tallystick init` and nobody serves it; for `log` it is an empty directory, as
/// SCRATCH and FOLDER are. WAITING commands wait at the sequencer at any time. SCOPE is what the tokens
/// are for, all that their clients have unless given. Times are in microseconds.
@main
enum Measure {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let figures: [JSON.Member]
    switch (arguments.first, arguments.count) {
    case ("fill", 6), ("fill", 7):
      figures = try fill(
        arguments[1], arguments[2], arguments[3...5].map(number),
        scope: arguments.dropFirst(6).first)
    case ("append", 7):
      figures = try append(
        arguments[1], arguments[2], arguments[3...5].map(number), scratch: arguments[6])
    case ("replay", 3): figures = try replay(arguments[1], scratch: arguments[2])
    case ("encode", 3): figures = try encode(arguments[1], number(arguments[2]))
    case ("parse", 3): figures = try parse(arguments[1], number(arguments[2]))
    case ("log", 4...):
      figures = try log(arguments[1], in: arguments[2], arguments[3...].map(number))
    default: throw Misuse(what: "there is no such call; Tests/Measure/Measure.swift lists them")
    }
    print(String(decoding: JSON.object(figures).canonicalBytes(), as: UTF8.self))
  }

  private static func number(_ text: String) throws -> Int {
    guard let number = Int(text), number > 0 else { throw Misuse(what: "\(text) is no count") }
    return number
  }

  /// What the body took, in microseconds.
  static func microseconds(_ body: () throws -> Void) rethrows -> Int64 {
    Int64(try ContinuousClock().measure(body) / .microseconds(1))
  }
}

extension JSON.Member {
  init(_ name: String, _ value: some BinaryInteger) { self.init(name, .integer(Int64(value))) }
}

struct Misuse: Error, CustomStringConvertible {
  let what: String
  var description: String { what }
}
