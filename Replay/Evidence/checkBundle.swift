import CanonicalJSON
import Cryptography
import Ledger
package import MerkleLog

/// What a bundle that was checked proves.
package struct CheckedBundle: Sendable {
  package let subject: String
  package let checkpoint: Checkpoint
  package let events: Int
  /// Those among them that name the subject.
  package let naming: Int
  /// The key that was given, or the bundle's own.
  package let key: String
  /// What is other than in bundles of this version of the program, and proves nothing against the
  /// events.
  package let notes: [String]
}

/// The first thing in a bundle that is wrong.
package struct BundleFault: Error, Sendable, CustomStringConvertible {
  /// The file, or what is wrong with the whole.
  package let file: String
  package let what: String

  package var description: String { "\(file): \(what)" }
}

/// Checks an evidence bundle: every byte of the archive, the checkpoint's signature, of every event
/// its form, its schema, its position and its proof, and that there is no file missing or too many.
///
/// - Parameter key: the log's verifier key; the bundle's own when nil, which then proves no more than
///   that the bundle is consistent with itself.
package func checkBundle(
  _ bytes: [UInt8], key: NoteVerifier? = nil
) throws(BundleFault) -> CheckedBundle {
  let bundle = try OpenedBundle(bytes)
  let verifier = try bundle.verifier(key)
  let checkpoint = try bundle.checkpoint(verifier)
  let subject = try bundle.subject()
  let (contents, notes) = try bundle.contents(of: subject, checkpoint)
  try bundle.checkFiles(contents)
  guard contents.naming > 0, contents.origins.contains(checkpoint.checkpoint.origin) else {
    throw BundleFault(
      file: EvidenceContents.sums,
      what: "lists no event of the subject, or none that begins the log")
  }
  return CheckedBundle(
    subject: subject.text, checkpoint: checkpoint.checkpoint, events: contents.positions.count,
    naming: contents.naming, key: verifier.text, notes: notes + bundle.otherFiles(contents))
}

/// The files of a bundle.
private struct OpenedBundle {
  private let bytes: [UInt8]
  private let names: [String]
  private let places: [String: Range<Int>]

  init(_ bytes: [UInt8]) throws(BundleFault) {
    do throws(Ustar.Damage) {
      let entries = try Ustar.entries(bytes)
      self.bytes = bytes
      names = entries.map(\.name)
      places = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.content) })
    } catch {
      throw BundleFault(file: error.name ?? "the archive", what: error.what)
    }
  }

  private func place(_ name: String) throws(BundleFault) -> Range<Int> {
    guard let place = places[name] else { throw BundleFault(file: name, what: "is missing") }
    return place
  }

  private func content(_ name: String) throws(BundleFault) -> [UInt8] {
    Array(bytes[try place(name)])
  }

  func verifier(_ given: NoteVerifier?) throws(BundleFault) -> NoteVerifier {
    let name = "verifier-key"
    let own = try content(name)
    do {
      let key = try given ?? NoteVerifier(String(decoding: own.dropLast(), as: UTF8.self))
      guard own == Array("\(key.text)\n".utf8) else {
        throw BundleFault(file: name, what: "is another key than the one given")
      }
      return key
    } catch let fault as BundleFault {
      throw fault
    } catch {
      throw BundleFault(file: name, what: "\(error)")
    }
  }

  func checkpoint(_ verifier: NoteVerifier) throws(BundleFault) -> SignedCheckpoint {
    let name = "checkpoint"
    let note = try content(name)
    do {
      return try SignedCheckpoint(note, verifiedBy: verifier)
    } catch {
      throw BundleFault(file: name, what: "\(error)")
    }
  }

  func subject() throws(BundleFault) -> Identifier {
    let name = "subject"
    let text = String(decoding: try content(name), as: UTF8.self)
    guard text.last == "\n", let id = Identifier(String(text.dropLast())) else {
      throw BundleFault(file: name, what: "is no identifier")
    }
    return id
  }

  /// The contents that the events make, each of them checked.
  func contents(
    of subject: Identifier, _ checkpoint: SignedCheckpoint
  ) throws(BundleFault) -> (EvidenceContents, notes: [String]) {
    let check = EventCheck(mention: Mention(subject), checkpoint: checkpoint)
    var contents = EvidenceContents()
    var notes: [String] = []
    for name in names where name.hasPrefix("events/") {
      let stored = try content(name)
      let (json, position) = try check.event(stored, named: name)
      let proof = EvidenceContents.proof(position)
      try check.proof(try content(proof), of: stored, at: position, named: proof)
      guard contents.add(json, at: position, namesSubject: check.mention.stands(in: stored)) else {
        throw BundleFault(file: name, what: "lacks a member, or is of no type")
      }
      if let note = try check.schema(of: json, stored, named: name) { notes.append(note) }
    }
    return (contents, notes)
  }

  /// The files that are not events or proofs: that they are there, that there are no others, and
  /// what they say.
  func checkFiles(_ contents: EvidenceContents) throws(BundleFault) {
    let expected = contents.files + [EvidenceContents.sums]
    for name in expected { _ = try place(name) }
    for (name, wanted) in zip(names, expected + [""]) where name != wanted {
      throw BundleFault(file: name, what: "does not belong there")
    }
    var sums = try content(EvidenceContents.sums)[...]
    for name in contents.files {
      let line = EvidenceSum.line(name, try content(name))
      guard sums.starts(with: line) else {
        throw BundleFault(file: name, what: "is not what \(EvidenceContents.sums) says")
      }
      sums = sums.dropFirst(line.count)
    }
    guard try content(EvidenceContents.keys) == contents.keySet else {
      throw BundleFault(file: EvidenceContents.keys, what: "is not what the events say of keys")
    }
    guard sums.isEmpty else {
      throw BundleFault(file: EvidenceContents.sums, what: "has lines too few or too many")
    }
  }

  /// Notes on files that this version of the program writes otherwise.
  func otherFiles(_ contents: EvidenceContents) -> [String] {
    let schemas = contents.schemas.map { (EvidenceContents.schema($0), CarriedFile.schemas[$0]) }
    let own = [CarriedFile.readme, CarriedFile.script].map { ($0.name, $0) } + schemas
    return own.compactMap { name, file in
      guard let place = places[name], let file, !bytes[place].elementsEqual(file.content) else {
        return nil
      }
      return "\(name) is not the one of this version of the program"
    }
  }
}

/// The checks of one event.
private struct EventCheck {
  let mention: Mention
  let checkpoint: SignedCheckpoint

  /// The event and the position that it says it has.
  func event(
    _ stored: [UInt8], named name: String
  ) throws(BundleFault) -> (JSON, Position) {
    let json: JSON
    do {
      json = try JSON.parseCanonical(stored)
    } catch {
      throw BundleFault(file: name, what: "is not in canonical form: \(error)")
    }
    guard let number = json["position"]?.integer, let position = Position(exactly: number),
      name == EvidenceContents.event(position)
    else { throw BundleFault(file: name, what: "says that it is at another position") }
    let isContext = json["type"]?.string.map(EvidenceContents.context.contains) ?? false
    guard isContext || mention.stands(in: stored) else {
      throw BundleFault(file: name, what: "does not name the subject")
    }
    return (json, position)
  }

  func proof(
    _ bytes: [UInt8], of stored: [UInt8], at position: Position, named name: String
  ) throws(BundleFault) {
    let proof: LogProof
    do {
      proof = try LogProof(parsing: bytes)
    } catch {
      throw BundleFault(file: name, what: "\(error)")
    }
    guard proof.index == position, proof.extra == nil else {
      throw BundleFault(file: name, what: "is of another event")
    }
    guard proof.checkpoint.bytes == checkpoint.bytes else {
      throw BundleFault(file: name, what: "has another checkpoint")
    }
    let head = checkpoint.checkpoint.head
    guard head.includes(recordHash(stored), at: position, proof: proof.hashes) else {
      throw BundleFault(
        file: name, what: "does not lead from the event to the root of the checkpoint")
    }
  }

  /// A note when the program does not know the event's type.
  func schema(
    of json: JSON, _ stored: [UInt8], named name: String
  ) throws(BundleFault) -> String? {
    let type = "\(json["type"]?.string ?? "").\(json["revision"]?.integer ?? 0)"
    guard CarriedFile.schemas[type] != nil else {
      return "\(name): this version of the program does not know \(type)"
    }
    do {
      _ = try Event(canonicalBytes: stored)
      return nil
    } catch {
      throw BundleFault(file: name, what: "is not of its schema: \(error)")
    }
  }
}
