package import CanonicalJSON

/// Where an event stands in the log: 0 for the first, without gaps; also its leaf index.
package typealias Position = UInt64

/// One thing that happened, as it stands in the log.
///
/// Its stored bytes are canonical JSON (RFC 8785). What is stored is what is hashed is what is
/// exported: nothing serialises a stored event again.
package struct Event: Sendable {
  /// At most this many stored bytes: the length field of a tile's entry bundle is 16 bits wide.
  package static let maximumSize = 65_535

  package let position: Position
  /// The one time of its batch; never earlier than the event before it.
  package let recorded: Timestamp
  package let actor: Actor
  /// The thing it happened to.
  package let subject: Identifier
  /// Its place among the events of one command; nil when it is the only one.
  package let part: Part?
  package let request: RequestDigest?
  /// Why, in the words of who caused it.
  package let reason: String?
  /// The position of the event that led to this one.
  package let cause: Position?
  package let body: EventBody

  package init(
    position: Position, recorded: Timestamp, actor: Actor, subject: Identifier, part: Part? = nil,
    request: RequestDigest? = nil, reason: String? = nil, cause: Position? = nil, body: EventBody
  ) {
    self.position = position
    self.recorded = recorded
    self.actor = actor
    self.subject = subject
    self.part = part
    self.request = request
    self.reason = reason
    self.cause = cause
    self.body = body
  }

  /// The place of an event among those of its command: `index` from 0, below `count`.
  package struct Part: Sendable, Hashable {
    package let index: Int64
    package let count: Int64

    /// Nil unless `0 ≤ index < count` and `count ≥ 2`.
    package init?(index: Int64, count: Int64) {
      guard count >= 2, index >= 0, index < count else { return nil }
      self.index = index
      self.count = count
    }
  }
}

extension Event: CanonicalObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("actor", object: actor)
    writer.member("cause", optional: cause.map { Int64($0) })
    let data = body.data
    writer.name("data")
    writer.beginObject()
    data.write(to: &writer)
    writer.endObject()
    if let part {
      writer.name("part")
      writer.beginArray()
      writer.integer(part.index)
      writer.integer(part.count)
      writer.endArray()
    }
    writer.member("position", Int64(position))
    writer.member("reason", optional: reason)
    writer.member("recorded", ascii: recorded.ascii)
    if let request { writer.member("request", object: request) }
    writer.member("revision", data.revision)
    writer.member("subject", subject)
    writer.member("type", type(of: data).type)
  }

  package init(from reader: inout ObjectReader) throws(MalformedObject) {
    let actor = try reader.object("actor", Actor.self)
    let cause = try reader.optionalPosition("cause")
    var data = try reader.nested("data")
    let part = try Self.part(from: &reader)
    let position = try reader.position("position")
    if let cause, cause >= position { throw reader.malformed("cause", "is not before the event") }
    if let token = actor.token, token >= position {
      throw reader.malformed("actor.token", "is not before the event")
    }
    let reason = try reader.optionalString("reason")
    let recorded = try reader.timestamp("recorded")
    let request = try reader.optionalObject("request", RequestDigest.self)
    let revision = try reader.integer("revision")
    let text = try reader.string("subject")
    let type = try reader.string("type")
    let body = try EventBody(type: type, revision: revision, from: &data)
    try data.finish()
    guard let subject = Identifier(text), subject.kind == body.subjectKind else {
      throw reader.malformed("subject", "is no identifier of the kind that \(type) speaks of")
    }
    self.init(
      position: position, recorded: recorded, actor: actor, subject: subject, part: part,
      request: request, reason: reason, cause: cause, body: body)
  }

  private static func part(from reader: inout ObjectReader) throws(MalformedObject) -> Part? {
    guard let numbers = try reader.optionalIntegers("part") else { return nil }
    guard numbers.count == 2, let part = Part(index: numbers[0], count: numbers[1]) else {
      throw reader.malformed("part", "is not an index and a count")
    }
    return part
  }
}
