#if canImport(UIKit) && canImport(BackgroundTasks)
import BackgroundTasks
import DutylogKit
import UIKit

/// Delivers while nobody looks at the app: at intervals that the system chooses, and after the app was left with something in its outbox.
///
/// One request at a time is with the system, which carries it whether the app sleeps or is gone. If it is gone, the system starts it again when
/// the answer is there, and another conversation begins where the last one was: each step is on the disk.
@MainActor
final class BackgroundSync {
    /// Also in `BGTaskSchedulerPermittedIdentifiers` of Info.plist; `UIBackgroundModes` has `fetch`.
    static let identifier = "org.dutylog.sync"

    private let logbook: LogbookActor
    private let carrier = URLSessionCarrier(backgroundIdentifier: BackgroundSync.identifier)
    private var running: Task<SyncReport, Error>?

    init(_ logbook: LogbookActor) {
        self.logbook = logbook
    }

    // shown: begin
    /// In `application(_:didFinishLaunchingWithOptions:)`, before it returns.
    func register() {
        BGTaskScheduler.shared.register(forTaskWithIdentifier: Self.identifier, using: .main) { task in
            MainActor.assumeIsolated {
                let running = self.enterBackground()
                Task {
                    let report = try? await running.value      // what is amiss is told when the app is next looked at
                    task.setTaskCompleted(success: report?.delivered == .all)
                }
            }
        }
    }

    /// In `sceneDidEnterBackground(_:)`.
    @discardableResult
    func enterBackground() -> Task<SyncReport, Error> {
        let next = BGAppRefreshTaskRequest(identifier: Self.identifier)
        next.earliestBeginDate = Date(timeIntervalSinceNow: 15 * 60)
        try? BGTaskScheduler.shared.submit(next)               // refused where the user has switched it off
        return start()
    }

    /// In `application(_:handleEventsForBackgroundURLSession:completionHandler:)`.
    func handleEvents(completionHandler: @escaping @Sendable () -> Void) {
        carrier.handleEvents(completionHandler: completionHandler)
        start()
    }
    // shown: end

    /// Begins a conversation, or goes on with the one that is under way.
    @discardableResult
    private func start() -> Task<SyncReport, Error> {
        if let running { return running }
        let started = Task {
            defer { running = nil }
            return try await logbook.synchronize(over: carrier)
        }
        running = started
        return started
    }
}
#endif
