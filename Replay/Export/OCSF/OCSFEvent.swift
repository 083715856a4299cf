import CanonicalJSON
import Cryptography
import Ledger
import MerkleLog

/// An event in the Open Cybersecurity Schema Framework 1.8, without profiles.
enum OCSFEvent {
  /// - Throws: when the stored bytes are no event.
  static func line(_ stored: [UInt8], of ledger: LedgerCreated) throws -> [UInt8] {
    let members = try JSON.parseCanonical(stored)
    var reader = try ObjectReader(members)
    let event = try Event(from: &reader)
    try reader.finish()
    let record = event.ocsf(ledger)
    let json = JSON.object(
      event.common(record) + record.members + [
        .init("metadata", event.metadata(stored, ledger)),
        .init("raw_data", .string(String(decoding: stored, as: UTF8.self))),
        .init("unmapped", unmapped(members)),
      ])
    return json.canonicalBytes() + [UInt8(ascii: "\n")]
  }

  /// What has no home in the schema, under the names of the ledger.
  private static func unmapped(_ members: JSON) -> JSON {
    .sparse([
      ("actor", members["actor"]), ("cause", members["cause"]), ("data", members["data"]),
      ("part", members["part"]),
      ("reason", members["reason"]), ("request", members["request"]),
      ("revision", members["revision"]), ("subject", members["subject"]),
    ])
  }
}

extension Event {
  /// What every class has.
  fileprivate func common(_ record: OCSFRecord) -> [JSON.Member] {
    let uid = record.kind.rawValue
    return [
      .init("activity_id", .integer(record.activity.id)),
      .init("activity_name", .string(record.activity.name)),
      .init("category_uid", .integer(uid / 1_000)),
      .init("class_uid", .integer(uid)),
      .init(
        "message",
        .string([type(of: body.data).type, reason].compactMap(\.self).joined(separator: ": "))),
      .init("severity_id", .integer(record.severity.rawValue)),
      .init("status_id", .integer(record.status)),
      .init("time", .integer(recorded.milliseconds)),
      .init("type_uid", .integer(uid * 100 + record.activity.id)),
    ]
  }

  fileprivate func metadata(_ stored: [UInt8], _ ledger: LedgerCreated) -> JSON {
    .sparse([
      ("event_code", .string(type(of: body.data).type)),
      ("log_name", .string(ledger.origin)),
      ("original_event_uid", .string("\(position)")),
      (
        "product",
        .sparse([("name", .string("Tallystick")), ("vendor_name", .string("Tallystick"))])
      ),
      ("uid", .string(Hexadecimal.encode(recordHash(stored).bytes))),
      ("version", .string("1.8.0")),
    ])
  }
}

extension Timestamp {
  /// The unit of OCSF's `timestamp_t`, rounded down.
  var milliseconds: Int64 { microseconds / 1_000 }
}

extension JSON {
  /// An object of the members that have a value.
  static func sparse(_ members: [(String, JSON?)]) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }
}
