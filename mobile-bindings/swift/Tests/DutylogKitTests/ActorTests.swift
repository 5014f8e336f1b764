import DutylogKit
import XCTest

/// The actor: its thread, its order, its pages.
final class ActorTests: EnrolledPhone {
    func testItsCallsStayOffTheMainThread() async throws {
        let fromMain = Task { @MainActor [app = phone.app] in
            await app.perform { _ in Thread.isMainThread }
        }
        let onMain = await fromMain.value
        XCTAssertFalse(onMain)
    }

    /// More calls than the phone has cores are blocked, and another task goes on all the same.
    func testCallsThatBlockLeaveOtherTasksTheirThreads() async throws {
        let (held, gate) = (expectation(description: "every call is blocked"), DispatchSemaphore(value: 0))
        let actors = (0..<4 * ProcessInfo.processInfo.activeProcessorCount).map { _ in LogbookActor(phone.app.logbook) }
        held.expectedFulfillmentCount = actors.count
        let blocked = Task {
            await withTaskGroup(of: Void.self) { group in
                for actor in actors {
                    group.addTask {
                        await actor.perform { _ in
                            held.fulfill()
                            gate.wait()
                        }
                    }
                }
            }
        }
        await fulfillment(of: [held], timeout: 60)
        let other = await Task.detached { "done" }.value
        XCTAssertEqual(other, "done")
        for _ in actors { gate.signal() }
        await blocked.value
    }

    func testEightTasksShareOneLogbook() async throws {
        let app = phone.app
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for n in 0..<10 {
                        try await app.raise("\(task)-\(n)")
                    }
                }
            }
            try await group.waitForAll()
        }
        let rows = try await all(app.incidents(pageSize: 200))
        XCTAssertEqual(Set(rows.map(\.nature)).count, 80)
    }

    func testEightThreadsShareOneLogbook() async throws {
        let (logbook, clock) = (phone.app.logbook, phone.clock)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            do {
                for n in 0..<10 { try logbook.raise("\(thread)-\(n)", at: clock.reading()) }
            } catch {
                XCTFail("\(error)")
            }
        }
        let rows = try await all(phone.app.incidents())
        XCTAssertEqual(rows.count, 80)
    }

    func testAThousandRowsComeInPagesEachOnce() async throws {
        try await phone.app.perform { app, now in
            for n in 0..<1_000 {
                try app.raise("\(n)", at: now)
            }
        }
        var (seen, sizes) = (Set<String>(), [Int]())
        for try await rows in phone.app.incidents(pageSize: 200) {
            sizes.append(rows.count)
            seen.formUnion(rows.map(\.id))
        }
        XCTAssertEqual(sizes.reduce(0, +), 1_000)
        XCTAssertEqual(seen.count, 1_000)
        XCTAssertTrue(sizes.allSatisfy { $0 <= 200 })
    }

    func testAListWithoutRowsIsOneEmptyPage() async throws {
        let (incidents, rounds, handovers) = (phone.app.incidents(), phone.app.rounds(), phone.app.handovers())
        let empty = try await [all(incidents).isEmpty, all(rounds).isEmpty, all(handovers).isEmpty]
        XCTAssertEqual(empty, [true, true, true])
    }

    private func all<Content>(_ pages: Pages<Content>) async throws -> [Content.Row] {
        try await pages.reduce(into: []) { $0 += $1 }
    }
}

private extension LogbookActor {
    @discardableResult
    func raise(_ nature: String) throws -> String {
        try logbook.raise(nature, at: clock.reading())
    }
}
