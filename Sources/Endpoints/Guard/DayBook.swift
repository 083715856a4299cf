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

    init(_ command: Command, denials: Int64 = 0) {
      self.command = command
      self.denials = denials
    }
  }

  /// More entries than this are a log that could not be written for hours.
  private static let limit = 1_000

  private let observations: Observations
  private let gatekeeper: Gatekeeper
  private let sequencer: Sequencer
  private let state: StateSnapshot
  private var denials = DenialSums()
  private var bursts = Bursts()
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
    let isCrowded = entries.count >= Self.limit
    let alerts = try state.read { state in
      var inquiry = Inquiry(state, at: sequencer.now)
      for denial in taken.denials {
        let kind = try inquiry.kind(of: denial)
        denials.add(kind, in: denial.minute, limit: isCrowded ? 0 : DenialSums.limit)
      }
      for key in inquiry.harmless { gatekeeper.takeBack(key) }
      for guess in inquiry.guesses { bursts.add(guess.client, in: guess.minute) }
      let threshold = try state.ledger()?.policy.threshold ?? .max
      return inquiry.alerts + bursts.take(from: threshold).map(RaiseAlert.init)
    }
    if !isCrowded { entries += alerts.map { Entry(Command(.raiseAlert($0))) } }
  }

  /// Gives the minutes that began before a second to the sequencer. What it does not take now is
  /// kept.
  @available(*, noasync)
  func write(before second: Int64) {
    entries += denials.take(before: second).map { sums in
      Entry(
        Command(.recordDenials(RecordDenials(sums))), denials: sums.reduce(0) { $0 + $1.count })
    }
    entries += takeReadings(before: second).map { Entry($0) }
    bursts.forget(before: second)
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
    let byReader = Dictionary(grouping: ended, by: \.key.reader)
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
  /// One for each failure that was no guess.
  private(set) var harmless: [AttemptKey] = []
  /// Uses of secrets that were good once, each secret once.
  private(set) var alerts: [RaiseAlert] = []
  private var shown: Set<Identifier> = []
  private var suspects: [(key: AttemptKey, client: Identifier, minute: Int64, isHeldUp: Bool)] = []

  init(_ state: StateSnapshot, at now: Timestamp) {
    self.state = state
    self.now = now
  }

  /// Attempts that may be guesses. What was held up for failures that were none is not among them.
  var guesses: [(client: Identifier, minute: Int64)] {
    let harmless = Set(harmless)
    return suspects.filter { !$0.isHeldUp || !harmless.contains($0.key) }
      .map { ($0.client, $0.minute) }
  }

  mutating func kind(of denial: Denial) throws -> DenialSums.Kind {
    let (cause, secret) = try cause(of: denial)
    if let client = denial.client { note(denial, client, cause, secret) }
    return DenialSums.Kind(
      cause: cause, client: denial.client, secret: secret, source: denial.source.text)
  }

  private mutating func note(
    _ denial: Denial, _ client: Identifier, _ cause: AuthenticationDenied.Cause,
    _ secret: Identifier?
  ) {
    switch cause {
    case .wrongSecret, .slowed, .locked:
      suspects.append((denial.key, client, denial.minute, cause != .wrongSecret))
    case .endedSecret, .disabledClient: harmless.append(denial.key)
    case .unknownClient, .domain, .others: break
    }
    guard let secret, shown.insert(secret).inserted else { return }
    alerts.append(
      RaiseAlert(of: client, .replacedSecret(secret, source: denial.source.text)))
  }

  private func cause(
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
  private func secret(of client: Identifier, _ codes: [PresentedCode]) throws -> Secret? {
    for presented in codes {
      let found = try state.secret(
        of: client, pepper: presented.pepper, verifier: Base64URL.encode(presented.code.bytes))
      if let found { return try state.secret(found) }
    }
    return nil
  }
}

extension Command {
  /// What the watch orders by itself.
  fileprivate init(_ action: Action) { self.init(actor: .ownGuard, action: action) }
}

extension RaiseAlert {
  fileprivate init(_ burst: Bursts.Burst) {
    self.init(of: burst.client, .denialBurst(count: burst.count, minute: burst.minute))
  }
}
