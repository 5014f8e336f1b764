import DutylogKit
import XCTest

/// What the host lends in unusual ways: keys that are gone, a key store that calls the logbook, a listener that is let go.
final class HostTests: EnrolledPhone {
    func testAKeyThatIsGoneIsTold() async throws {
        phone.keys.fail(with: KeyStoreError.NotFound)
        let lost = try await assertRefused(.keys("key_lost")) {
            try await phone.app.perform { try $0.beginSync().next(reading: $1) }
        }
        XCTAssertFalse(lost.retryable)
        phone.keys.fail(with: nil)
        try await phone.deliver()
    }

    func testAKeyStoreThatCallsTheLogbookIsRefusedAndDoesNotWaitForItself() async throws {
        try await phone.raise()
        let (logbook, keys, refusals) = (phone.app.logbook, phone.keys, Notes<Refusal>())
        keys.before = {
            do {
                refusals.add(Refusal(try refused { try logbook.outbox() }))
            } catch {
                XCTFail("\(error)")
            }
        }
        _ = try await phone.app.perform { try $0.beginSync() }
        keys.before = {}
        XCTAssertFalse(refusals.all.isEmpty)
        XCTAssertTrue(refusals.all.allSatisfy { $0 == .calledFromWithin }, "\(refusals.all)")
        try await phone.deliver()
    }

    func testASubscriptionThatIsLetGoEnds() async throws {
        let listener = Listener()
        let first: String
        do {
            let subscription = phone.app.logbook.subscribe(listener: listener)
            first = try await phone.raise()
            withExtendedLifetime(subscription) {}
        }
        try await phone.raise()
        XCTAssertEqual(listener.heard.all.map(\.records), [[first]])
    }

    func testSoftwareKeysSurviveAndAGuardIsNeeded() throws {
        let (file, secret) = (phone.folder.appendingPathComponent("software"), Data(repeating: 3, count: 32))
        func open() throws -> any KeyStore { try softwareKeyStore(at: file, secret: secret) }
        let (right, wrong) = (Data(repeating: 1, count: 32), Data(repeating: 2, count: 32))
        XCTAssertEqual(try open().create(name: "person", guard: right).count, 32)
        XCTAssertEqual(try open().sign(name: "person", guard: right, content: Data([5])).count, 64)
        XCTAssertEqual(try open().mac(name: "name", content: Data([1])), try open().mac(name: "name", content: Data([1])))
        assertThrows(.WrongGuard) { try open().sign(name: "person", guard: wrong, content: Data([5])) }
        assertThrows(.NotFound) { try open().sign(name: "nobody", guard: nil, content: Data([5])) }
        try open().delete(name: "person")
        try open().delete(name: "person")
        assertThrows(.NotFound) { try open().sign(name: "person", guard: right, content: Data([5])) }
    }

    private func assertThrows(_ expected: KeyStoreError, line: UInt = #line, _ call: () throws -> Data) {
        XCTAssertThrowsError(try call(), line: line) { XCTAssertEqual($0 as? KeyStoreError, expected, line: line) }
    }
}

private final class Listener: ChangeListener {
    let heard = Notes<ChangeSet>()

    func onChanged(changes: ChangeSet) {
        heard.add(changes)
    }
}

/// What came one after the other, from whichever thread.
private final class Notes<Note: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var noted: [Note] = []

    var all: [Note] { lock.withLock { noted } }

    func add(_ note: Note) {
        lock.withLock { noted.append(note) }
    }
}
