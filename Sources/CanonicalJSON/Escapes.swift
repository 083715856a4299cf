/// What a backslash followed by this letter stands for (RFC 8259 §7).
func scalar(ofShortEscape letter: UInt8) -> Unicode.Scalar? {
  switch Unicode.Scalar(letter) {
  case "\"": "\""
  case "\\": "\\"
  case "/": "/"
  case "b": "\u{8}"
  case "t": "\t"
  case "n": "\n"
  case "f": "\u{c}"
  case "r": "\r"
  default: nil
  }
}

/// The letter that follows the backslash where RFC 8785 §3.2.2.2 writes a short escape.
func shortEscape(of byte: UInt8) -> UInt8? {
  switch Unicode.Scalar(byte) {
  case "\"": UInt8(ascii: "\"")
  case "\\": UInt8(ascii: "\\")
  case "\u{8}": UInt8(ascii: "b")
  case "\t": UInt8(ascii: "t")
  case "\n": UInt8(ascii: "n")
  case "\u{c}": UInt8(ascii: "f")
  case "\r": UInt8(ascii: "r")
  default: nil
  }
}

/// Whether canonical strings hold this byte only as an escape.
func needsEscape(_ byte: UInt8) -> Bool {
  byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}

func hexadecimalDigit(_ letter: UInt8) -> UInt16? {
  switch letter {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(letter - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(letter - UInt8(ascii: "a") + 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(letter - UInt8(ascii: "A") + 10)
  default: nil
  }
}

/// The lower-case digit of a value below 16.
func hexadecimalLetter(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
