import DutylogKit
import XCTest

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
        let (app, heard) = (phone.app, expectation(description: "the first set"))
        let reader = Task {
            var sets = 0
            for await _ in app.changes() {
                sets += 1
                heard.fulfill()
            }
            return sets
        }
        // Until it listens there is nothing to hear, so it is told until it has heard.
        let teller = Task {
            while !Task.isCancelled { try await app.raise("told") }
        }
        await fulfillment(of: [heard], timeout: 60)
        teller.cancel()
        reader.cancel()
        let sets = await reader.value
        XCTAssertGreaterThanOrEqual(sets, 1)
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
