import XCTest
@testable import DutylogKit

/// Changes, by stream and by listener.
final class ChangesTests: EnrolledPhone {
    func testASlowReaderIsToldEverythingAtOnce() async throws {
        let changes = phone.app.changes()
        let first = try await phone.raise()
        let second = try await phone.raise()
        var heard = changes.makeAsyncIterator()
        let set = await heard.next()
        XCTAssertEqual(set?.records, [first, second])
        XCTAssertEqual(set?.topics, [.incidents, .drafts, .outbox])
        XCTAssertEqual(set?.all, false)
        let third = try await phone.raise()
        let next = await heard.next()
        XCTAssertEqual(next?.records, [third])
        XCTAssertGreaterThan(try XCTUnwrap(next).revision, try XCTUnwrap(set).revision)
    }

    func testMoreRecordsThanAreNamedAreAll() async throws {
        let changes = phone.app.changes()
        for _ in 0..<51 { try await phone.raise() }
        let set = await changes.first { _ in true }
        XCTAssertEqual(set?.records.count, 50)
        XCTAssertEqual(set?.all, true)
    }

    func testACancelledReaderEndsAndItsSubscriptionWithIt() async throws {
        weak var mailbox: Mailbox?
        let heard = expectation(description: "the first set")
        let reader: Task<Int, Never>
        do {
            let listening = Mailbox()
            mailbox = listening
            let changes = phone.app.changes(by: listening)
            reader = Task {
                var sets = 0
                for await _ in changes {
                    sets += 1
                    heard.fulfill()
                }
                return sets
            }
        }
        try await phone.raise()
        await fulfillment(of: [heard], timeout: 60)
        reader.cancel()
        let sets = await reader.value
        XCTAssertEqual(sets, 1)
        XCTAssertNil(mailbox, "the logbook let it go")
        try await phone.raise()
    }

    func testAStreamThatIsLetGoEndsItsSubscription() async throws {
        weak var mailbox: Mailbox?
        do {
            let listening = Mailbox()
            mailbox = listening
            _ = phone.app.changes(by: listening)
        }
        XCTAssertNil(mailbox, "the logbook let it go")
    }

    func testAListenerMayCallBackAndHearsNothingOnceItIsLetGo() async throws {
        let listener = CallsBack(phone.app.logbook, phone.clock)
        let subscription = phone.app.logbook.subscribe(listener: listener)
        let first = try await phone.raise()
        // Its own change is told after it returns, not while it is called.
        XCTAssertEqual(listener.heard.count, 2)
        XCTAssertEqual(listener.heard.first?.records, [first])
        subscription.cancel()
        try await phone.raise()
        XCTAssertEqual(listener.heard.count, 2)
    }
}

/// Asks the logbook again for what is on the screen, as an app does, and the first time raises another incident.
private final class CallsBack: ChangeListener, @unchecked Sendable {
    private weak var app: Logbook?
    private let clock: AheadClock
    private(set) var heard: [ChangeSet] = []

    init(_ app: Logbook, _ clock: AheadClock) {
        (self.app, self.clock) = (app, clock)
    }

    func onChanged(changes: ChangeSet) {
        heard.append(changes)
        do {
            let rows = try XCTUnwrap(app).incidents(cursor: nil, limit: 10).rows
            XCTAssertFalse(rows.isEmpty, "told after the commit")
            if heard.count == 1 { try XCTUnwrap(app).raise("raised by the listener", at: clock.reading()) }
        } catch {
            XCTFail("\(error)")
        }
    }
}
