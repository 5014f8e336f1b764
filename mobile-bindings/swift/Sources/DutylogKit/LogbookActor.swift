/// A logbook whose calls never hold up the main thread, nor the threads that the app's other tasks share.
///
/// ```swift
/// let saved = try await logbook.perform { app, now in
///     try app.raiseIncident(draft: draft, incident: new, reading: now)
/// }
/// ```
///
/// Calls are carried out one after the other, in the order they came.
public actor LogbookActor {
    /// The logbook itself, for what may block: its methods may be called from any thread.
    public nonisolated let logbook: Logbook
    /// Where readings come from.
    public nonisolated let clock: any PhoneClock
    private let executor: QueueExecutor

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(_ logbook: Logbook, _ clock: any PhoneClock, _ executor: QueueExecutor) {
        self.logbook = logbook
        self.clock = clock
        self.executor = executor
    }

    /// Takes over a logbook that is open.
    public init(_ logbook: Logbook, clock: any PhoneClock = SystemClock()) {
        self.init(logbook, clock, QueueExecutor())
    }

    /// Opens the logbook of a phone that was enrolled before; see `Logbook.open`.
    public static func open(
        options: Options, keyStore: any KeyStore, clock: any PhoneClock = SystemClock()
    ) async throws -> LogbookActor {
        let executor = QueueExecutor()
        let logbook = try await executor.run {
            try Logbook.open(options: options, keyStore: keyStore, reading: clock.reading())
        }
        return LogbookActor(logbook, clock, executor)
    }

    /// Makes calls of the logbook and gives what they gave. Several in one `perform` are not interrupted by others of this actor.
    public func perform<Success: Sendable>(_ calls: @Sendable (Logbook) throws -> Success) rethrows -> Success {
        try calls(logbook)
    }

    /// The same for calls that want to know what the clocks say.
    public func perform<Success: Sendable>(_ calls: @Sendable (Logbook, Reading) throws -> Success) rethrows -> Success {
        try calls(logbook, clock.reading())
    }
}
