import CanonicalJSON
import Journal
import Ledger
import Projections

/// The tokens that somebody holds, or held, who should not.
struct SuspectedTokens {
  private(set) var positions: PositionSet
  /// How many of them are good.
  private(set) var live = 0
  /// The secrets that bought those that were asked for from a suspected network.
  private(set) var secretsShown: Set<Identifier> = []
  private let suspicion: Suspicion
  private let state: PastState
  private let now: Timestamp

  /// - Parameter state: the ledger as it stands at `now`.
  init(_ suspicion: Suspicion, _ state: PastState, at now: Timestamp, below head: Position) {
    self.suspicion = suspicion
    self.state = state
    self.now = now
    positions = PositionSet(below: head)
  }

  /// Takes in those that were issued at some positions.
  ///
  /// - Parameter progress: called now and then with the position that comes next.
  @available(*, noasync)
  mutating func search(
    _ window: Range<Position>, _ reader: any JournalReader, progress: (UInt64) -> Void
  ) throws {
    var next = window.lowerBound
    while next < window.upperBound {
      let stored = try reader.page(from: next, to: window.upperBound)
      let suspicion = suspicion
      for read in mapConcurrently(stored, { suspicion.token($0) }) {
        if let found = try read?.event(at: next).found { try add(found) }
        next += 1
      }
      progress(next)
    }
  }

  /// Takes in tokens that are known by their positions.
  mutating func add(_ shown: PositionSet, _ reader: any JournalReader) throws {
    try shown.lend { position in
      guard !positions.contains(position),
        let found = try reader.event(at: position).flatMap({ try Event(canonicalBytes: $0).found })
      else { return }
      try add(found)
    }
  }

  private mutating func add(_ found: FoundToken) throws {
    positions.insert(found.token.position)
    if try found.token.isActive(in: state, at: now) { live += 1 }
    if suspicion.concerns(address: found.address) { secretsShown.insert(found.token.data.secret) }
  }
}

extension Event {
  fileprivate var found: FoundToken? { FoundToken(self) }
}

extension Suspicion {
  /// The event that stored bytes are, if it issues a token that is suspected. Of others no more is
  /// read than tells so.
  fileprivate func token(_ bytes: [UInt8]) -> Result<Event, any Error>? {
    guard isTokenIssued(bytes) else { return nil }
    let finder = MemberFinder(bytes)
    guard let actor = finder.value(of: Members.actor), let data = finder.value(of: Members.data),
      let client = finder.identifier(Members.id, in: actor),
      let secret = finder.identifier(Members.secret, in: data),
      let address = finder.value(of: Members.address, in: actor).flatMap(finder.text)
    else { return Result { try Event(canonicalBytes: bytes) } }
    let from = String(decoding: address, as: UTF8.self)
    guard depth(ofTokenBy: secret, of: client, from: from) != nil else { return nil }
    return Result { try Event(canonicalBytes: bytes) }
  }
}

extension MemberFinder {
  fileprivate func identifier(_ name: [UInt8], in object: Range<Int>) -> Identifier? {
    value(of: name, in: object).flatMap(text)
      .flatMap { Identifier(String(decoding: $0, as: UTF8.self)) }
  }
}

/// As they are written.
private enum Members {
  static let actor = Array("actor".utf8)
  static let address = Array("address".utf8)
  static let data = Array("data".utf8)
  static let id = Array("id".utf8)
  static let secret = Array("secret".utf8)
}
