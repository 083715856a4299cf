import Foundation
import Testing

/// A program that ran to its end.
struct Program {
  let status: Int32
  let output: String
  let errors: String

  /// What is written to both pipes must fit in them.
  init(_ arguments: [String], input: String = "") throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = standardInput
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let log = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    status = process.terminationStatus
    self.output = String(decoding: text, as: UTF8.self)
    self.errors = String(decoding: log, as: UTF8.self)
  }

  /// curl, straight to the server and not for longer than twenty seconds.
  static func curl(_ arguments: [String]) throws -> Program {
    try Program(["curl", "--noproxy", "*", "--max-time", "20"] + arguments)
  }
}

/// Output and errors of a curl that must succeed.
func curl(_ arguments: String...) throws -> (String, String) {
  let program = try Program.curl(arguments)
  #expect(program.status == 0, "\(program.errors)")
  return (program.output, program.errors)
}
