extension JSON {
  /// The RFC 8785 bytes of this value. Members are sorted by the UTF-16 code units of their names,
  /// whatever their order here.
  ///
  /// The program stops when an object has a name twice or an integer lies beyond `integers`:
  /// `parse` returns no such value.
  package func canonicalBytes() -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.value(self)
    return writer.bytes
  }
}
