import CanonicalJSON
import Ledger
import Projections

/// Which events are wanted, told from the stored bytes: the canonical form ends with subject and
/// type.
struct EventFilter: Sendable {
  static let parameters = ["actor", "reason", "subject", "type", "type.prefix"]

  private let type: [UInt8]
  private let subject: [UInt8]
  private let typeStart: [UInt8]
  private let actor: [UInt8]
  /// Folded.
  private let reason: [UInt8]

  init(_ query: FormParameters) throws(Problem) {
    if let subject = query["subject"], Identifier(subject) == nil {
      throw .parameter("subject", "must be an identifier")
    }
    for name in ["type", "type.prefix"] {
      if let type = query[name], !type.utf8.allSatisfy(Self.isOfType) {
        throw .parameter(name, "must be a type of event such as token.issued")
      }
    }
    self.init(
      type: query["type"], subject: query["subject"], typeStart: query["type.prefix"] ?? "",
      actor: query["actor"] ?? "", reason: query["reason"] ?? "")
  }

  /// - Parameters:
  ///   - actor: the identifier of a client, or the name of a part of the system.
  ///   - reason: a part of it, in any letter case.
  init(
    type: String?, subject: String?, typeStart: String = "", actor: String = "",
    reason: String = ""
  ) {
    self.type = type.map { Array(",\"type\":\"\($0)\"}".utf8) } ?? []
    self.subject = subject.map { Array(",\"subject\":\"\($0)\",\"type\":\"".utf8) } ?? []
    self.typeStart = Array(typeStart.utf8)
    self.actor = Array(actor.utf8)
    self.reason = folded(Array(reason.utf8))
  }

  private static func isOfType(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || byte == 0x2E || byte == 0x5F
  }

  func matches(_ event: [UInt8]) -> Bool {
    guard event.suffix(type.count).elementsEqual(type) else { return false }
    guard !subject.isEmpty || !typeStart.isEmpty else { return matchesEnvelope(event) }
    // The value of type holds no quotation mark: the one before last opens it.
    guard let open = event.dropLast(2).lastIndex(of: UInt8(ascii: "\"")) else { return false }
    return event[...open].suffix(subject.count).elementsEqual(subject)
      && event[(open + 1)...].starts(with: typeStart) && matchesEnvelope(event)
  }

  private func matchesEnvelope(_ event: [UInt8]) -> Bool {
    if actor.isEmpty, reason.isEmpty { return true }
    let finder = MemberFinder(event)
    if !actor.isEmpty {
      let found = finder.value(of: Array("actor".utf8))
        .flatMap { finder.value(of: Array("id".utf8), in: $0) }.flatMap(finder.text)
      guard found == actor else { return false }
    }
    if reason.isEmpty { return true }
    let found = finder.value(of: Array("reason".utf8)).flatMap(finder.text)
    return found.map { folded($0).contains(reason) } ?? false
  }
}
