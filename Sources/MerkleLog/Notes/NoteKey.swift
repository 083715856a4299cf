import Cryptography

/// What a signature line says of the key: its name and the first four bytes of a hash over it. The
/// two together single out a key and its algorithm (C2SP signed-note, "Signatures").
///
/// Names are equal when their UTF-8 is.
package struct NoteKey: Sendable {
  package let name: String
  package let id: UInt32

  init(name: String, id: UInt32) {
    self.name = name
    self.id = id
  }

  /// SHA-256(name ‖ 0x0A ‖ signature type ‖ public key)[:4].
  ///
  /// - Parameter material: the signature type's byte and the public key.
  init(name: String, material: [UInt8]) {
    let hash = SHA256.hash(Array(name.utf8) + [0x0A] + material)
    self.init(name: name, id: Self.id(hash.bytes.prefix(4)))
  }

  /// The number of four bytes, big-endian.
  static func id(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

  var idBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> $0) } }

  /// Not empty, no Unicode white space, no `+`, no control character.
  package static func isName(_ text: some StringProtocol) -> Bool {
    let isClean = text.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
    }
    return !text.isEmpty && isClean
  }
}

extension NoteKey: Hashable {
  package static func == (left: NoteKey, right: NoteKey) -> Bool {
    left.id == right.id && left.name.utf8.elementsEqual(right.name.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension NoteKey: CustomStringConvertible {
  /// `name+8 hexadecimal characters`, as verifier keys begin.
  package var description: String { "\(name)+\(Hexadecimal.encode(idBytes))" }
}
