import CanonicalJSON
import Ledger

/// Who did something: a client, with its name at the moment, or the program itself. Inside a read.
struct Author {
  let id: JSON?
  let name: JSON?

  init(_ actor: Actor, in past: Past) throws {
    switch actor {
    case .client(let client, _, _): (id, name) = (.string(client.text), try past.name(client))
    case .system(let system): (id, name) = (.string("system"), .string(system))
    }
  }
}
