import DutylogKit
import Foundation
import XCTest

/// A key store of the host's own. It passes everything on, unless it is told to throw.
private final class LentKeys: KeyStore, @unchecked Sendable {
    private let keys: KeyStore
    private let lock = NSLock()
    private var thrown: Error?

    init(_ keys: KeyStore) { self.keys = keys }

    var trouble: Error? {
        get { lock.withLock { thrown } }
        set { lock.withLock { thrown = newValue } }
    }

    private func ready() throws {
        if let trouble { throw trouble }
    }

    func create(name: String, guard: Data?) throws -> Data {
        try ready()
        return try keys.create(name: name, guard: `guard`)
    }

    func sign(name: String, guard: Data?, content: Data) throws -> Data {
        try ready()
        return try keys.sign(name: name, guard: `guard`, content: content)
    }

    func mac(name: String, content: Data) throws -> Data {
        try keys.mac(name: name, content: content)
    }

    func delete(name: String) throws {
        try keys.delete(name: name)
    }
}

/// What the host lends may fail: the logbook says so, and goes on.
final class LentKeysTests: EnrolledPhone {
    private var keys: LentKeys!

    override func enrol() async throws {
        keys = LentKeys(phone.keys)
        phone.keys = keys
    }

    func testAKeyStoreThatThrowsIsToldAndTheCodeIsNotSpent() async throws {
        let code = try server.phoneCode()
        // An error that the protocol does not know: a fault of the host, told as an error of ours and never a crash.
        keys.trouble = Trouble("a fault of the host")
        let fault = try await refused { try await phone.enrol(code) }
        guard case .Keys(code: "keys_failed", _, _, _, let reason) = fault else { return XCTFail("\(fault)") }
        XCTAssertTrue(reason.contains("a fault of the host"), reason)
        // One that it knows.
        keys.trouble = KeyStoreError.Unavailable
        let locked = try await refused { try await phone.enrol(code) }
        XCTAssertEqual(locked.code, "keys_locked")
        XCTAssertTrue(locked.retryable)
        keys.trouble = nil
        try await phone.enrol(code)
        let pending = try pendingEnrolment(options: phone.options(), keyStore: keys, reading: .now())
        XCTAssertNil(pending)
    }

    func testWhatCouldNotBeSealedIsSealedLater() async throws {
        try await phone.enrol(server.phoneCode())
        try await phone.raise()
        keys.trouble = KeyStoreError.Failed(reason: "thrown by the host")
        let error = try await refused { try await phone.synchronize() }
        guard case .Keys(code: "keys_failed", _, _, true, "thrown by the host") = error else { return XCTFail("\(error)") }
        keys.trouble = nil
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .all)
        let waiting = try await phone.app.perform { try $0.outbox().entries }
        XCTAssertEqual(waiting, 0)
    }

    /// The library that tests are given panics when it is asked to; see the feature `drill` of the bindings.
    func testAPanicInsideLeavesTheAppAliveAndTheDatabaseWhole() async throws {
        try await phone.enrol(server.phoneCode())
        try await phone.raise()
        keys.trouble = KeyStoreError.Failed(reason: "drill: panic")
        let error = try await refused { try await phone.synchronize() }
        guard case .Fault(code: "fault", _, _, retryable: true) = error else { return XCTFail("\(error)") }
        keys.trouble = nil
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
