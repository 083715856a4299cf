import Foundation
import Support
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct TLSTests {
  private let directory: TemporaryDirectory
  private let authority: Certificate

  init() throws {
    directory = try TemporaryDirectory()
    authority = try Certificate("authority", in: directory, signer: nil)
  }

  /// A key and its certificate, made by the `openssl` command.
  private struct Certificate {
    let path: String
    let keyPath: String

    init(_ name: String, in directory: TemporaryDirectory, signer: Certificate?) throws {
      path = "\(directory.path)/\(name).pem"
      keyPath = "\(directory.path)/\(name).key"
      let signing = signer.map { ["-CA", $0.path, "-CAkey", $0.keyPath] } ?? []
      let made = try Program(
        [
          "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
          "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-addext",
          "subjectAltName=IP:127.0.0.1", "-keyout", keyPath, "-out", path,
        ] + signing)
      try #require(made.status == 0, "\(made.errors)")
    }
  }

  private func certificate(_ name: String) throws -> Certificate {
    try Certificate(name, in: directory, signer: authority)
  }

  private func server(
    clientAuthorities: String? = nil, limits: Configuration.Limits = .init(),
    _ closure: @escaping @Sendable (Request, Exchange) -> Void = TestServer.echo
  ) throws -> TestServer {
    let own = try certificate("server")
    let files = TLSFiles(
      certificate: own.path, key: own.keyPath, clientAuthorities: clientAuthorities)
    return try TestServer(loops: 2, limits: limits, tls: files, closure)
  }

  private func curl(_ server: TestServer, _ path: String, _ arguments: String...) throws -> Program
  {
    try Program.curl(
      ["-sS", "--cacert", authority.path, "https://127.0.0.1:\(server.port)\(path)"] + arguments)
  }

  @Test(arguments: [("1.2", 0), ("1.3", 0), ("1.1", 35), ("1.0", 35)] as [(String, Int32)])
  func versions(_ version: String, _ status: Int32) throws {
    let server = try server()
    // A client of its own accord would refuse old versions as well.
    let program = try curl(
      server, "/a?b", "--tlsv\(version)", "--tls-max", version, "--ciphers", "ALL@SECLEVEL=0")
    #expect(program.status == status, "\(program.errors)")
    #expect(program.output == (status == 0 ? "GET /a b " : ""))
    if status != 0 {
      guard case .handshakeFailed("unsupported protocol") = try server.log.element(0).event else {
        Issue.record("\(server.log.all)")
        return
      }
    }
  }

  @Test func everythingOfOneServerGoesThroughTLS() throws {
    let server = try server()
    let file = "\(directory.path)/body"
    let body = String(repeating: "0123456789abcdef", count: 60_000)
    try body.write(toFile: file, atomically: true, encoding: .utf8)
    let program = try curl(server, "/a", "--data-binary", "@\(file)")
    #expect(program.output == "POST /a - \(body)")
  }

  @Test func streamsGoThroughTLS() throws {
    let server = try server { _, exchange in
      exchange.respond(Response(status: 200, body: .stream(Counting(parts: 1_000))))
    }
    let program = try curl(server, "/")
    #expect(program.output.utf8.count == 1_000 * 4_096)
  }

  @Test("the handler sees a certificate that an authority vouches for")
  func clientCertificates() throws {
    let server = try server(clientAuthorities: authority.path) { request, exchange in
      exchange.respond(.text("\(request.clientCertificate?.count ?? 0)"))
    }
    let own = try certificate("client")
    let pem = try String(contentsOfFile: own.path, encoding: .utf8)
    let der = try #require(
      Data(base64Encoded: pem.split(separator: "\n").dropFirst().dropLast().joined()))
    let shown = try curl(server, "/", "--cert", own.path, "--key", own.keyPath)
    #expect(shown.output == "\(der.count)")
    #expect(try server.answers.element(0).clientCertificate == Array(der))
    #expect(try curl(server, "/").output == "0")
    let foreign = try Certificate("foreign", in: directory, signer: nil)
    let refused = try curl(server, "/", "--cert", foreign.path, "--key", foreign.keyPath)
    #expect(refused.status != 0)
    guard case .handshakeFailed("certificate verify failed") = try server.log.element(0).event
    else {
      Issue.record("\(server.log.all)")
      return
    }
  }

  @Test func reloadingKeepsWhatWorks() throws {
    let server = try server()
    let path = "\(directory.path)/server.pem"
    let presented = { try self.curl(server, "/", "-v").errors.contains("CN=server") }
    #expect(try presented())
    try "nonsense".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ServerError(code: .tls, description: "")) { try server.server.reloadTLS() }
    #expect(try presented())
    let new = try certificate("renewed")
    for (from, to) in [(new.path, path), (new.keyPath, "\(directory.path)/server.key")] {
      try FileManager.default.removeItem(atPath: to)
      try FileManager.default.moveItem(atPath: from, toPath: to)
    }
    #expect(try server.server.reloadTLS())
    #expect(try curl(server, "/", "-v").errors.contains("CN=renewed"))
  }

  @Test func certificateAndKeyBelongTogether() throws {
    let (one, other) = (try certificate("one"), try certificate("other"))
    for files in [
      TLSFiles(certificate: one.path, key: other.keyPath),
      TLSFiles(certificate: one.path, key: "\(directory.path)/missing"),
      TLSFiles(certificate: "\(directory.path)/missing", key: one.keyPath),
      TLSFiles(certificate: one.path, key: one.keyPath, clientAuthorities: one.keyPath),
    ] {
      #expect(throws: ServerError(code: .tls, description: "")) {
        try TestServer(tls: files, TestServer.echo)
      }
    }
  }

  @Test func whatIsNoTLSEndsOrderly() throws {
    let server = try server()
    let client = try Client(port: server.port)
    client.send(ServerTests.get)
    #expect(try !client.receiveAll().starts(with: "HTTP".utf8))
    let record = try server.log.element(0)
    guard case .handshakeFailed("http request") = record.event else {
      Issue.record("\(record)")
      return
    }
    #expect(record.peer == "127.0.0.1")
  }

  @Test func handshakesHaveTheTimeOfAHead() throws {
    var limits = Configuration.Limits()
    limits.headSeconds = 0.2
    let server = try server(limits: limits)
    let client = try Client(port: server.port)
    client.send([0x16, 0x03, 0x01])
    #expect(try client.receiveAll().isEmpty)
    let record = try server.log.element(0)
    guard case .refused(.headTimeout) = record.event else {
      Issue.record("\(record)")
      return
    }
    #expect(record.status == nil)
  }

  @Test("a session goes on in a new connection", arguments: ["-tls1_2", "-tls1_3"])
  func resumption(_ version: String) throws {
    let server = try server()
    let session = "\(directory.path)/session"
    let client = [
      "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", authority.path,
      "-ign_eof", version,
    ]
    let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    let first = try Program(client + ["-sess_out", session], input: request)
    #expect(first.output.contains("\nNew, "))
    let second = try Program(client + ["-sess_in", session], input: request)
    #expect(second.output.contains("\nReused, "))
    #expect(second.output.contains("GET / - "))
  }

  /// Parts of 4 KiB.
  private final class Counting: BodyStream {
    private let left: Mutex<Int>
    init(parts: Int) { left = Mutex(parts) }

    func next() -> [UInt8]? {
      left.withLock { left in
        left -= 1
        return left < 0 ? nil : [UInt8](repeating: 0x61, count: 4_096)
      }
    }

    func cancel() {}
  }
}
