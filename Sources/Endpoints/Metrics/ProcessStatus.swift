import Foundation

/// What the system says of this process.
struct ProcessStatus {
  /// Seconds since 1970 at which it began.
  static let startTime: Double? = began()

  /// Seconds of processor time that all its threads took.
  let processorTime: Double
  /// Bytes of memory that it holds.
  let residentBytes: Int?
  let openFiles: Int?
  /// How many files it may have open at a time.
  let maximumFiles: Int

  init() {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    processorTime = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    let pages = Self.words("/proc/self/statm").dropFirst().first.flatMap { Int($0) }
    residentBytes = pages.map { $0 * Int(getpagesize()) }
    // One of them is the directory that is being read.
    let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    openFiles = files.map { $0.count - 1 }
    maximumFiles = sysconf(Int32(_SC_OPEN_MAX))
  }

  /// The boot's time and, in the 22nd field of the process (proc(5)), clock ticks since then; the
  /// second field ends with the last bracket.
  private static func began() -> Double? {
    let boot = words("/proc/stat").drop { $0 != "btime" }.dropFirst().first.flatMap { Double($0) }
    let ticks = words("/proc/self/stat", after: ")").dropFirst(19).first.flatMap { Double($0) }
    guard let boot, let ticks else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The words of a file; of the part after the last such character, if one is given.
  private static func words(_ path: String, after mark: Character? = nil) -> [Substring] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    let start = mark.flatMap { text.lastIndex(of: $0) }.map { text.index(after: $0) }
    return text[(start ?? text.startIndex)...].split { $0.isWhitespace }
  }
}
