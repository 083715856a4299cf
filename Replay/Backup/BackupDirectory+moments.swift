import CanonicalJSON
import Ledger
import MerkleLog

extension BackupDirectory {
  /// How many of its events there are up to a moment, whole commands of them; all when nil.
  ///
  /// - Throws: `noSuchMoment`, `damaged`.
  func count(upTo moment: PastMoment.Name?, of size: UInt64) throws -> UInt64 {
    switch moment {
    case nil: return size
    case .position(let position):
      guard position < size else {
        let last = size > 0 ? ", the last at position \(size - 1)" : ""
        throw BackupError(.noSuchMoment, "\(path) holds \(size) events\(last)")
      }
      try Self.refuseInside(try event(at: position, of: size), position)
      return position + 1
    case .time(let time):
      let count = try count(recordedBy: time, of: size)
      guard count > 0 else {
        throw BackupError(.noSuchMoment, "nothing was recorded by \(time.text)")
      }
      return count
    }
  }

  private static func refuseInside(_ event: JSON, _ position: Position) throws(BackupError) {
    guard let part = event["part"]?.array?.compactMap(\.integer), part.count == 2,
      part[0] >= 0, part[0] < part[1] - 1, part[0] <= position
    else { return }
    let first = position - UInt64(part[0])
    let last = first + UInt64(part[1]) - 1
    let before = first > 0 ? "to \(first - 1) or " : ""
    throw BackupError(
      .noSuchMoment,
      """
      position \(position) is inside a command, which made \(first) to \(last); restore \(before)to \(last)
      """
    )
  }

  /// An event of a backup, not looked at but for its being JSON.
  private func event(at position: Position, of size: UInt64) throws -> JSON {
    let index = position / 256
    let bundle = EntryBundle(index: index, width: Int(min(256, size - index * 256)))
    guard let event = try? JSON.parse(try records(of: bundle)[Int(position % 256)]) else {
      throw damaged(bundle.path)
    }
    return event
  }

  /// How many events were recorded at a time or earlier: times never run backwards.
  private func count(recordedBy time: Timestamp, of size: UInt64) throws -> UInt64 {
    var (low, high) = (UInt64(0), size)
    while low < high {
      let middle = low + (high - low) / 2
      let recorded = try event(at: middle, of: size)["recorded"]?.string
      guard let recorded = recorded.flatMap({ Timestamp($0) }) else {
        throw BackupError(.damaged, "the event at position \(middle) of \(path) says no time")
      }
      if recorded <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
