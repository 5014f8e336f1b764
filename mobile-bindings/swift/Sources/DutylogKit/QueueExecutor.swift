import Dispatch

/// Runs an actor's work on a dispatch queue of its own.
///
/// Calls of the logbook block while they write to the disk. On the threads that all tasks share, as few as the phone has cores, they would
/// hold up whatever else the app is doing; on a queue they hold up each other, in the order they came.
final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "org.dutylog.logbook", qos: .userInitiated)

    // The form of this requirement that iOS before 17 calls; later systems come to it through the other.
    func enqueue(_ job: UnownedJob) {
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Runs something that belongs to no actor yet.
    func run<Success: Sendable>(_ work: @escaping @Sendable () throws -> Success) async throws -> Success {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
