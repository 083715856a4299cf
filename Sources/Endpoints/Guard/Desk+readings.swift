import HTTPServer
import Ledger
import Sequencer
import Synchronization

extension Desk {
  /// Lets the watch know when somebody reads audit data.
  ///
  /// - Throws: 503 when too many reads could not be recorded yet, for none may go unrecorded.
  func noteReading(_ request: Request, by reader: Actor) throws(Problem) {
    let route = Route.find(request.path).route
    guard route.isAudit else { return }
    guard !service.observations.isCrowded.load(ordering: .relaxed) else { throw .unrecordable }
    service.observations.add(
      Reading(reader: reader, route: route, minute: Minute.beginning(SystemTime())))
  }
}

extension Problem {
  fileprivate static let unrecordable = Problem(
    status: 503, title: "Audit data cannot be read now",
    detail: "The log takes no record of who reads them.", headers: [("Retry-After", "60")])
}
