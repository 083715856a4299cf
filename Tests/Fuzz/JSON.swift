import CanonicalJSON
import Foundation

/// What is read is JSON to other readers too, and comes back from its canonical bytes; canonical
/// input is told from other input and reproduced byte for byte.
@Sendable func checkJSON(_ input: [UInt8]) {
  let canonical = read { () throws(JSONError) in try JSON.parseCanonical(input) }
  switch read({ () throws(JSONError) in try JSON.parse(input) }) {
  case .failure(let error):
    promise(canonical.isRefused, "what is canonical is JSON")
    promise((0...input.count).contains(error.offset), "an error is at a place of the input")
  case .success(let value):
    let bytes = value.canonicalBytes()
    promise(canonical == (bytes == input ? .success(value) : canonical), "canonical input is read")
    promise(canonical.isRefused == (bytes != input), "other input is refused as not canonical")
    checkCanonical(bytes)
    checkForeign(input)
  }
}

/// The canonical bytes of something are read as they stand.
private func checkCanonical(_ bytes: [UInt8]) {
  guard let value = try? JSON.parseCanonical(bytes), let same = try? JSON.parse(bytes) else {
    return promise(false, "canonical bytes are read")
  }
  promise(value == same, "both readers agree")
  promise(value.canonicalBytes() == bytes, "canonical bytes are reproduced")
}

/// Foundation's reader takes whatever is taken here.
private func checkForeign(_ input: [UInt8]) {
  let value = try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
  promise(value != nil, "another reader takes it")
}

private func read(
  _ parse: () throws(JSONError) -> JSON
) -> Result<JSON, JSONError> {
  do throws(JSONError) { return .success(try parse()) } catch { return .failure(error) }
}

extension Result<JSON, JSONError> {
  fileprivate var isRefused: Bool {
    if case .failure = self { true } else { false }
  }
}
