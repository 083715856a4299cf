import Sequencer
import Support
import Testing

@testable import Endpoints

@Suite("Readiness")
struct ReadinessTests {
  private let journal = MemoryJournal()
  private let scene: Scene
  private let readiness: Readiness

  init() throws {
    scene = try Scene(TemporaryDirectory(), journal: journal)
    readiness = Readiness(scene.sequencer)
  }

  @Test("nothing stands in the way until something does, and then it is named")
  func obstacles() {
    #expect(readiness.obstacle == nil)
    journal.setRoom(false)
    _ = scene.perform(scene.issueToken(1))
    #expect(readiness.obstacle?.status == "not ready")
    #expect(readiness.obstacle?.reason == Unavailability.noSpace.text)
    readiness.beginDraining()
    #expect(readiness.obstacle?.status == "draining")
  }

  @Test("a log that cannot be written is the first thing to say")
  func failure() {
    readiness.beginDraining()
    journal.failNextCommit()
    _ = scene.perform(scene.issueToken(1))
    scene.sequencer.stop()
    #expect(readiness.obstacle?.status == "failed")
  }
}
