import Foundation

extension LogbookActor {
    /// What changes from now on, for as long as the stream is read.
    ///
    /// ```swift
    /// for await changes in logbook.changes() where changes.topics.contains(.incidents) {
    ///     rows = try await logbook.perform { try $0.incidents(cursor: nil, limit: 50).rows }
    /// }
    /// ```
    ///
    /// Whoever reads slowly misses nothing: what came meanwhile arrives as one set of changes. The subscription ends when the task that reads
    /// is cancelled, or when the stream is let go. The stream does not end by itself. One task reads it; each reader asks for a stream of its own.
    public nonisolated func changes() -> AsyncStream<ChangeSet> {
        changes(by: Mailbox())
    }

    nonisolated func changes(by mailbox: Mailbox) -> AsyncStream<ChangeSet> {
        let subscription = logbook.subscribe(listener: mailbox)
        return AsyncStream {
            for await _ in mailbox.signals {
                if let changes = mailbox.take() {
                    return changes
                }
            }
            return nil
        } onCancel: {
            subscription.cancel()
        }
    }
}

/// Holds what changed until it is taken, as one set.
final class Mailbox: ChangeListener, @unchecked Sendable {
    /// Says that something may lie here. One signal is enough, however much came.
    let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let lock = NSLock()
    private var waiting: ChangeSet?

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func onChanged(changes: ChangeSet) {
        lock.withLock { waiting = waiting?.joined(by: changes) ?? changes }
        signal.yield()
    }

    func take() -> ChangeSet? {
        lock.withLock {
            defer { waiting = nil }
            return waiting
        }
    }
}

extension ChangeSet {
    /// Records named in one set; beyond it `all` is set, as the logbook itself does.
    static let named = 50

    /// These changes and later ones, told together.
    func joined(by later: ChangeSet) -> ChangeSet {
        let both = records + later.records.filter { !records.contains($0) }
        return ChangeSet(
            topics: topics + later.topics.filter { !topics.contains($0) },
            records: Array(both.prefix(Self.named)),
            all: all || later.all || both.count > Self.named,
            revision: later.revision)
    }
}
