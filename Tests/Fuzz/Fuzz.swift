import Foundation

/// What each target promises of any input; a broken promise ends the process.
private let properties: [String: @Sendable ([UInt8]) -> Void] = [
  "head": checkHead, "chunks": checkChunks, "form": checkForm, "json": checkJSON, "jws": checkJWS,
  "note": checkNote,
]

/// The target that the environment variable FUZZ_TARGET names.
private let property = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let property = properties[name] else {
    fatalError("FUZZ_TARGET must be one of \(properties.keys.sorted().joined(separator: ", "))")
  }
  return property
}()

/// libFuzzer calls it with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  property(unsafe Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}

/// Ends the process, which the fuzzer keeps the input of, unless the promise is kept.
func promise(_ isKept: Bool, _ promise: String) {
  if !isKept { fatalError("broken: \(promise)") }
}

/// Two places to cut an input at, the same ones whenever the input is the same.
func cuts(of input: [UInt8]) -> [Int] {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in input { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  let places = UInt64(input.count) + 1
  return [Int(hash >> 32 % places), Int(hash & 0xFFFF_FFFF % places)].sorted()
}
