import DutylogKit
import XCTest

/// What the host lends may fail: the logbook says so, and goes on.
final class LentKeysTests: SiteTest {
    private var phone: Phone!
    private var keys: LentKeys { phone.keys }

    override func setUp() async throws {
        try await super.setUp()
        phone = try makePhone("phone")
    }

    override func tearDown() async throws {
        phone = nil
        try await super.tearDown()
    }

    func testAKeyStoreThatThrowsIsToldAndTheCodeIsNotSpent() async throws {
        let code = try server.phoneCode()
        // An error that the protocol does not know: a fault of the host, told as an error of ours and never a crash.
        keys.fail(with: Trouble("a fault of the host"))
        let fault = try await refused { try await phone.enrol(code) }
        guard case .Keys(code: "keys_failed", _, _, _, let reason) = fault else { return XCTFail("\(fault)") }
        XCTAssertTrue(reason.contains("a fault of the host"), reason)
        // One that it knows.
        keys.fail(with: KeyStoreError.Unavailable)
        let locked = try await refused { try await phone.enrol(code) }
        XCTAssertEqual(locked.code, "keys_locked")
        XCTAssertTrue(locked.retryable)
        keys.fail(with: nil)
        try await phone.enrol(code)
        let pending = try pendingEnrolment(options: phone.options(), keyStore: keys, reading: .now())
        XCTAssertNil(pending)
    }

    func testWhatCouldNotBeSealedIsSealedLater() async throws {
        try await phone.enrol(server.phoneCode())
        try await phone.raise()
        keys.fail(with: KeyStoreError.Failed(reason: "thrown by the host"))
        let error = try await refused { try await phone.synchronize() }
        guard case .Keys(code: "keys_failed", _, _, true, "thrown by the host") = error else { return XCTFail("\(error)") }
        keys.fail(with: nil)
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .all)
        let waiting = try await phone.app.perform { try $0.outbox().entries }
        XCTAssertEqual(waiting, 0)
    }

    /// The library that tests are given panics when it is asked to; see the feature `drill` of the bindings.
    func testAPanicInsideLeavesTheAppAliveAndTheDatabaseWhole() async throws {
        try await phone.enrol(server.phoneCode())
        try await phone.raise()
        keys.fail(with: KeyStoreError.Failed(reason: "drill: panic"))
        let error = try await refused { try await phone.synchronize() }
        guard case .Fault(code: "fault", _, _, retryable: true) = error else { return XCTFail("\(error)") }
        keys.fail(with: nil)
        try await phone.raise()
        let rows = try await phone.app.perform { try $0.incidents(cursor: nil, limit: 10).rows }
        XCTAssertEqual(rows.count, 2)
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .all, "\(report)")
    }

    func testAnEnrolmentGoesOnAfterTheAnswerWasLost() async throws {
        let code = try server.phoneCode()
        phone.network.online = false
        do {
            try await phone.enrol(code)
            XCTFail("nothing answered")
        } catch let failure as HttpFailure {
            XCTAssertEqual(failure, .noConnection)
        }
        phone.network.online = true
        let app = try await LogbookActor.resumeEnrolment(
            options: phone.options(), keyStore: keys, over: phone.network, clock: phone.clock)
        XCTAssertNotNil(app)
        let again = try await LogbookActor.resumeEnrolment(
            options: phone.options(), keyStore: keys, over: phone.network, clock: phone.clock)
        XCTAssertNil(again)
    }
}
