import DutylogKit
import XCTest

/// What has come across and what has not: by conversation and by file.
final class ExchangeTests: EnrolledPhone {
    func testAConversationIsMadeOfStepsThatAnAppMayCarryItself() async throws {
        let record = try await phone.raise()
        try await expect(.saved, record)
        let run = try await phone.app.perform { try $0.beginSync() }
        let first = try nextRequest(of: run)
        XCTAssertTrue(first.url.hasSuffix(first.path), first.url)
        XCTAssertTrue(first.headers.allSatisfy { $0.name == $0.name.lowercased() }, "\(first.headers)")
        try await expect(.sent, record)
        run.onFailure(id: first.id, failure: .interrupted)

        let report = try await carry(run)
        XCTAssertEqual(report.delivered, .all, "\(report)")
        XCTAssertEqual(report.code, "caught_up")
        XCTAssertTrue(report.sent > 0 && report.receipts > 0 && report.bytesUp > 0 && report.problems.isEmpty, "\(report)")
        try await expect(.received, record)
    }

    func testAKilledConversationBeginsAgainWhereItWas() async throws {
        let record = try await phone.raise()
        let request = try await nextRequest(of: phone.app.perform { try $0.beginSync() })
        try await phone.restart()
        try await expect(.sent, record)
        let again = try await nextRequest(of: phone.app.perform { try $0.beginSync() })
        XCTAssertEqual(again.body.count, request.body.count)
        try await phone.deliver()
    }

    func testWhatWaitsAndHowFreshItIsAreTold() async throws {
        let empty = try await phone.app.perform { try $0.outbox() }
        XCTAssertEqual(empty.entries, 0)
        try await phone.raise()
        try await phone.app.perform { app, now in
            let outbox = try app.outbox()
            XCTAssertEqual(outbox.entries, 1)
            XCTAssertNotNil(outbox.oldestMs)
            let fresh = try app.freshness(reading: now)
            XCTAssertNil(fresh.staleDays)
            XCTAssertNotNil(fresh.heardMs)
        }
        phone.clock.goOn(milliseconds: 30 * 24 * 60 * 60 * 1_000)
        let stale = try await phone.app.perform { try $0.freshness(reading: $1) }
        XCTAssertGreaterThanOrEqual(try XCTUnwrap(stale.staleDays), 29)
        XCTAssertFalse(stale.sentence.isEmpty)
    }

    func testAConversationKeepsItsLogbookAndEndsWithIt() async throws {
        let run = try await phone.app.perform { app in
            let run = try app.beginSync()
            try app.shutdown()
            return run
        }
        try assertRefused(.paused("closed")) { try run.next(reading: phone.clock.reading()) }
    }

    private func expect(_ delivery: Delivery, _ record: String, line: UInt = #line) async throws {
        let told = try await phone.app.perform { try $0.delivery(record: record) }
        XCTAssertEqual(told, delivery, line: line)
    }

    private func nextRequest(of run: SyncRun) throws -> HttpRequest {
        let step = try run.next(reading: phone.clock.reading())
        guard case .http(let request) = step else { throw Trouble("nothing to send: \(step)") }
        return request
    }

    private func carry(_ run: SyncRun) async throws -> SyncReport {
        while true {
            switch try run.next(reading: phone.clock.reading()) {
            case .http(let request):
                let response = try await phone.network.send(request)
                run.onResponse(id: request.id, response: response, reading: phone.clock.reading())
            case .wait(let milliseconds):
                try await phone.clock.wait(milliseconds: milliseconds)
            case .done(let report):
                return report
            }
        }
    }
}
