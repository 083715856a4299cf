import Dispatch
import Foundation
import Synchronization

/// The results of all elements, in their order, made on all cores; returns when every one is made.
@available(*, noasync)
package func mapConcurrently<Element: Sendable, Output: Sendable>(
  _ elements: [Element], _ transform: @Sendable (Element) -> Output
) -> [Output] {
  // Some parts for each core, so that all of them end at about the same time.
  let count = min(ProcessInfo.processInfo.activeProcessorCount * 4, elements.count / 32)
  guard count > 1 else { return elements.map(transform) }
  let parts = Mutex([[Output]](repeating: [], count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let bounds = elements.count * index / count..<elements.count * (index + 1) / count
    let part = elements[bounds].map(transform)
    parts.withLock { $0[index] = part }
  }
  var outputs: [Output] = []
  outputs.reserveCapacity(elements.count)
  parts.withLock { for part in $0 { outputs += part } }
  return outputs
}
