import Ledger

/// The answers of a batch.
struct BatchResult {
  /// What was made durable.
  struct Commit {
    let events: Int
    /// Events of tokens among them.
    let tokens: Int
    let recorded: Timestamp
    /// Until journal and state had them.
    let microseconds: Int64
  }

  let outcomes: [(Sequencer.Entry, Outcome)]
  /// Nil when no event was written.
  let commit: Commit?
  /// Why the batch could not be written, if it could not.
  let unavailability: Unavailability?

  init(
    _ outcomes: [(Sequencer.Entry, Outcome)], commit: Commit? = nil,
    unavailability: Unavailability? = nil
  ) {
    self.outcomes = outcomes
    self.commit = commit
    self.unavailability = unavailability
  }

  /// Hands every mailbox its answers, in order, in one call.
  func deliver() {
    var letters: [(mailbox: any Mailbox, answers: [(entry: Sequencer.Entry, outcome: Outcome)])] =
      []
    for (entry, outcome) in outcomes {
      if let index = letters.firstIndex(where: { $0.mailbox === entry.mailbox }) {
        letters[index].answers.append((entry, outcome))
      } else {
        letters.append((entry.mailbox, [(entry, outcome)]))
      }
    }
    for (mailbox, answers) in letters {
      mailbox.deliver([{ for (entry, outcome) in answers { entry.completion(outcome) } }])
    }
  }
}
