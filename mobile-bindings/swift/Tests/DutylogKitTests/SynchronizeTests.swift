import DutylogKit
import XCTest

/// Conversations that do not go as wished.
final class SynchronizeTests: EnrolledPhone {
    func testOutOfReachIsReportedAndNotThrown() async throws {
        try await phone.raise()
        phone.network.online = false
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .notAll)
        XCTAssertEqual(report.code, "unreachable")
        XCTAssertFalse(report.sentence.isEmpty || report.whatToDo.isEmpty)
    }

    func testACancelledConversationEndsAtOnceAndTheNextGoesOn() async throws {
        let record = try await phone.raise()
        let asked = expectation(description: "a request is on its way")
        let conversation = Task { [app = phone.app] in
            try await app.synchronize(over: Silent(asked))
        }
        await fulfillment(of: [asked], timeout: 60)
        conversation.cancel()
        let result = await conversation.result
        XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        let sent = try await phone.app.perform { try $0.delivery(record: record) }
        XCTAssertEqual(sent, .sent)
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .all, "\(report)")
    }

    func testAFaultOfTheCarrierIsTheCallersAndNotTheNetworks() async throws {
        struct Faulty: HTTPCarrier {
            func send(_ request: HttpRequest) async throws -> HttpResponse { throw Trouble("a fault of the app") }
        }
        do {
            _ = try await phone.app.synchronize(over: Faulty())
            XCTFail("it went unnoticed")
        } catch let error as Trouble {
            XCTAssertEqual(error.description, "a fault of the app")
        }
    }

    func testABodyStaysWithinItsLimitAndSomebodyElseIsNotHeadquarters() async throws {
        struct Stranger: HTTPCarrier {
            func send(_ request: HttpRequest) async throws -> HttpResponse {
                XCTAssertLessThanOrEqual(request.body.count, 256 * 1024)
                return HttpResponse(status: 200, headers: [], body: Data("welcome to the hotel's network".utf8))
            }
        }
        try await phone.raise()
        let report = try await phone.app.synchronize(over: Stranger())
        XCTAssertEqual(report.delivered, .notAll)
        XCTAssertEqual(report.code, "not_hq")
    }
}

/// Never answers.
private struct Silent: HTTPCarrier {
    let asked: XCTestExpectation

    init(_ asked: XCTestExpectation) {
        self.asked = asked
    }

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        asked.fulfill()
        while true { try await Task.sleep(nanoseconds: 60_000_000_000) }
    }
}
