import Cryptography
import Ledger
import Projections
import Sequencer
import Synchronization

/// What was denied and read, until it is in the log. Belongs to the watch's thread.
final class DayBook {
  /// An entry that the sequencer has not taken yet, and how many denials it records.
  private struct Entry {
    let command: Command
    let denials: Int64
  }

  /// More entries than this are a log that could not be written for hours.
  private static let limit = 1_000

  private let observations: Observations
  private let gatekeeper: Gatekeeper
  private let sequencer: Sequencer
  private let state: StateSnapshot
  private var denials = DenialSums()
  private var readings: [Reading: Int64] = [:]
  private var entries: [Entry] = []

  init(
    _ observations: Observations, _ gatekeeper: Gatekeeper, _ sequencer: Sequencer,
    _ state: StateSnapshot
  ) {
    self.observations = observations
    self.gatekeeper = gatekeeper
    self.sequencer = sequencer
    self.state = state
  }

  var isEmpty: Bool { denials.isEmpty && readings.isEmpty && entries.isEmpty }

  /// Takes in what the loops saw.
  func read(_ taken: Observations.Taken) throws {
    readings.merge(taken.readings, uniquingKeysWith: +)
    for (minute, count) in taken.others { denials.addOthers(count, in: minute) }
    let limit = entries.count < Self.limit ? DenialSums.limit : 0
    try state.read { state in
      var inquiry = Inquiry(state, at: sequencer.now)
      for denial in taken.denials {
        let kind = try inquiry.kind(of: denial)
        if kind.cause == .endedSecret || kind.cause == .disabledClient {
          gatekeeper.takeBack(denial.key)
        }
        denials.add(kind, in: denial.minute, limit: limit)
      }
    }
  }

  /// Gives the minutes that began before a second to the sequencer. What it does not take now is
  /// kept.
  @available(*, noasync)
  func write(before second: Int64) {
    entries += denials.take(before: second).map { sums in
      Entry(
        command: Command(
          actor: .system("guard"), action: .recordDenials(RecordDenials(sums))),
        denials: sums.reduce(0) { $0 + $1.count })
    }
    entries += takeReadings(before: second).map { Entry(command: $0, denials: 0) }
    while let entry = entries.first {
      if case .unavailable = sequencer.perform(entry.command) { break }
      // Even when the outcome is unknown: the events stand then, or nothing is ever written again.
      entries.removeFirst()
      observations.denialsWaiting.subtract(Int(entry.denials), ordering: .relaxed)
    }
    observations.isCrowded.store(entries.count >= Self.limit, ordering: .relaxed)
  }

  /// One command for each reader.
  private func takeReadings(before second: Int64) -> [Command] {
    let ended = readings.filter { $0.key.minute < second }
    for reading in ended.keys { readings[reading] = nil }
    let byReader = Dictionary(grouping: ended) { reading, _ in
      Actor.client(reading.client, address: reading.address)
    }
    return byReader.map { reader, readings in
      let reads = readings.map { reading, count in
        AuditRead(what: reading.route.template, count: count, minute: reading.minute)
      }
      return Command(actor: reader, action: .recordReads(RecordReads(reads)))
    }
  }
}

/// Finds out why attempts failed, in one state of the ledger.
private struct Inquiry {
  private let state: StateSnapshot
  private let now: Timestamp
  private var secrets: [Identifier: [Secret]] = [:]

  init(_ state: StateSnapshot, at now: Timestamp) {
    self.state = state
    self.now = now
  }

  mutating func kind(of denial: Denial) throws -> DenialSums.Kind {
    let (cause, secret) = try cause(of: denial)
    return DenialSums.Kind(
      cause: cause, client: denial.client, secret: secret, source: denial.source.text)
  }

  private mutating func cause(
    of denial: Denial
  ) throws -> (AuthenticationDenied.Cause, secret: Identifier?) {
    guard let client = denial.client else { return (.unknownClient, nil) }
    switch denial.what {
    case .slowed: return (.slowed, nil)
    case .locked: return (.locked, nil)
    case .domain: return (.domain, nil)
    case .failed(let codes):
      guard let secret = try secret(of: client, codes) else { return (.wrongSecret, nil) }
      return secret.isActive(at: now) ? (.disabledClient, nil) : (.endedSecret, secret.id)
    }
  }

  /// The secret of the client that was presented, whether it may be accepted or not.
  private mutating func secret(
    of client: Identifier, _ codes: [PresentedCode]
  ) throws -> Secret? {
    let known = try secrets[client] ?? state.secrets(of: client)
    secrets[client] = known
    return known.first { secret in
      codes.contains { $0.pepper == secret.verifier.pepper && $0.isCode(of: secret) }
    }
  }
}

extension PresentedCode {
  fileprivate func isCode(of secret: Secret) -> Bool {
    guard let bytes = Base64URL.decode(secret.verifier.verifier),
      let code = SHA256Digest(bytes: bytes)
    else { return false }
    return constantTimeEquals(code, self.code)
  }
}
