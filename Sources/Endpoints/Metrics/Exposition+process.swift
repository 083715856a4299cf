import Metrics

extension Exposition {
  /// Which program this is, and whether it can do its work.
  mutating func addProgram(_ readiness: Readiness) {
    add(
      "tallystick_build_info", .gauge, "The program's version and that of Swift's library.",
      [([("version", Build.version), ("swift", Build.swift)], 1)])
    add(
      "tallystick_ready", .gauge, "Whether events can be written: what /readyz says.",
      readiness.obstacle == nil ? 1 : 0)
  }

  /// The process, under the names that all of Prometheus's client libraries use.
  mutating func add(_ process: ProcessStatus) {
    addKnown(
      "process_start_time_seconds", .gauge, "When the process began.", ProcessStatus.startTime)
    addKnown(
      "process_cpu_seconds_total", .counter, "Processor time taken.", process.processorTime)
    addKnown(
      "process_resident_memory_bytes", .gauge, "Memory held.",
      process.residentBytes.map(Double.init))
    addKnown(
      "process_open_fds", .gauge, "Files and sockets open.", process.openFiles.map(Double.init))
    addKnown(
      "process_max_fds", .gauge, "Files and sockets that may be open.",
      Double(process.maximumFiles))
  }

  /// Leaves out what the system did not tell.
  private mutating func addKnown(
    _ name: String, _ kind: Kind, _ help: String, _ value: Double?
  ) {
    if let value { add(name, kind, help, value) }
  }
}
