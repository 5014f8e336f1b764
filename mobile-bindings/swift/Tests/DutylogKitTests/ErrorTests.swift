import DutylogKit
import XCTest

/// Each error as the boundary tells it.
final class ErrorTests: EnrolledPhone {
    func testRejected() async throws {
        let record = try await phone.raise()
        let error = try await refused {
            try await phone.app.perform { app, now in
                try app.comment(draft: app.newDraft(), record: record, text: "  ", reading: now)
            }
        }
        guard case .Rejected(_, _, _, retryable: false) = error else { return XCTFail("\(error)") }
    }

    func testSignIn() async throws {
        let error = try await refused { try await phone.app.perform { app, now in
            try app.signIn(person: app.people(reading: now)[0].id, pin: "246813", reading: now)
        } }
        guard case .SignIn(code: "unknown_person", _, _, _, waitMs: 0) = error else { return XCTFail("\(error)") }
    }

    func testExchange() async throws {
        let nonsense = try await refused { try await phone.enrol("https://duty.example") }
        guard case .Exchange(code: "not_an_invitation", _, _, _, serverCode: "") = nonsense else {
            return XCTFail("\(nonsense)")
        }
        let refusedCode = try await refused { try await phone.enrolPerson("Q001", "0000-0000", pin: "246813") }
        guard case .Exchange = refusedCode else { return XCTFail("\(refusedCode)") }
    }

    func testStorage() async throws {
        let file = phone.folder.appendingPathComponent("a file and no bundle")
        let error = try await refused { try await phone.app.perform { try $0.importFrom(path: file.path) } }
        guard case .Storage(code: "file_failed", _, _, _, let reason) = error else { return XCTFail("\(error)") }
        XCTAssertFalse(reason.contains("bundle"), "a reason names no path")
    }

    func testKeysOfALostSecret() throws {
        XCTAssertThrowsError(try softwareKeyStore(at: phone.folder.appendingPathComponent("keys"), secret: Data(count: 31))) {
            guard case KeyStoreError.Failed = $0 else { return XCTFail("\($0)") }
        }
    }

    func testPausedAndClosed() async throws {
        try await phone.app.perform { try $0.pause() }
        let paused = try await refused { try await phone.app.perform { try $0.outbox() } }
        guard case .Paused(code: "paused", _, _, retryable: true) = paused else { return XCTFail("\(paused)") }
        try await phone.app.perform { try $0.resume() }
        try await phone.raise()
        try await phone.app.perform { try $0.shutdown() }
        let closed = try await refused { try await phone.synchronize() }
        guard case .Paused(code: "closed", _, _, retryable: false) = closed else { return XCTFail("\(closed)") }
    }

    func testBadArgument() async throws {
        let error = try await refused { try await phone.app.perform { try $0.incident(incident: "no identifier", reading: $1) } }
        guard case .BadArgument(_, _, _, retryable: false, argument: "incident") = error else { return XCTFail("\(error)") }
        let limit = try await refused { try await phone.app.perform { try $0.incidents(cursor: nil, limit: 201) } }
        guard case .BadArgument(_, _, _, _, argument: "limit") = limit else { return XCTFail("\(limit)") }
    }
}
