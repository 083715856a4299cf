import Glibc

/// A plain blocking client: it sends exactly the bytes it is given, and waits at most ten
/// seconds for any answer.
final class Client {
  struct Failure: Error, Equatable {
    let code: Int32
  }

  private let descriptor: Int32

  init(port: UInt16, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var one: Int32 = 1
    unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    if var receiveBuffer {
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafeBytes(of: address) { bytes in
      unsafe connect(
        descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        socklen_t(bytes.count))
    }
    guard result == 0 else { throw Failure(code: errno) }
  }

  deinit { close(descriptor) }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends all of it, or what the server takes before it hangs up.
  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next close resets the connection.
  func resetOnClose() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout<Glibc.linger>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
  }

  /// At most that many bytes; empty at the end.
  func receive(_ count: Int = 65536) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let received = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
    }
    guard received >= 0 else { throw Failure(code: errno) }
    return Array(buffer.prefix(received))
  }

  /// Everything to the orderly end of the connection.
  func receiveAll() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let part = try receive()
      if part.isEmpty { return all }
      all += part
    }
  }

  /// Reads until the text has come.
  func receive(until end: String) throws -> String {
    var text = ""
    while !text.hasSuffix(end) {
      let part = try receive(1)
      guard !part.isEmpty else { break }
      text += String(decoding: part, as: UTF8.self)
    }
    return text
  }

  /// One answer with a Content-Length; HEAD has none of its body.
  func receiveAnswer(hasBody: Bool = true) throws -> Answer {
    let head = try receive(until: "\r\n\r\n")
    var answer = Answer(head: transcript(Array(head.utf8)))
    let length = answer.header("content-length").flatMap { Int($0) } ?? 0
    while hasBody, answer.body.count < length {
      let part = try receive(length - answer.body.count)
      guard !part.isEmpty else { break }
      answer.body += part
    }
    return answer
  }
}

struct Answer {
  let head: String
  var body: [UInt8] = []

  var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
  var text: String { String(decoding: body, as: UTF8.self) }

  func header(_ name: String) -> String? {
    for line in head.split(separator: "\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == name {
        return parts[1].trimmingPrefix(" ").description
      }
    }
    return nil
  }
}

/// Sends the parts, each on its own, then no more; gives all that came back, as a transcript.
func converse(_ port: UInt16, _ parts: [ArraySlice<UInt8>]) throws -> String {
  let client = try Client(port: port)
  for part in parts {
    client.send(Array(part))
    sched_yield()
  }
  client.finishSending()
  return transcript(try client.receiveAll())
}

/// What came, without the Date, without the request id, and with plain line ends.
func transcript(_ bytes: [UInt8]) -> String {
  let lines = String(decoding: bytes, as: UTF8.self).split(
    separator: "\r\n", omittingEmptySubsequences: false)
  return lines.filter {
    !$0.hasPrefix("Date: ") && !$0.hasPrefix("X-Request-Id: ")
  }.joined(separator: "\n")
}
