import DutylogKit
import XCTest

/// A phone with its files in one folder. An app does the same with its own means.
final class Phone {
    /// Everybody's.
    static let pin = "246813"

    let folder: URL
    let clock = AheadClock()
    let network = Network()
    let keys: LentKeys
    private let language: Language
    private var opened: LogbookActor?

    init(in folder: URL, language: Language = .english) throws {
        (self.folder, self.language) = (folder, language)
        // On a phone the secret lies in the Keychain (`keychainSecret()`); here it is the same for all.
        let secret = Data(repeating: 7, count: 32)
        keys = LentKeys(try softwareKeyStore(at: folder.appendingPathComponent("keys"), secret: secret))
    }

    /// The logbook, once it was enrolled or opened.
    var app: LogbookActor { opened! }

    func options() throws -> Options {
        try Options(preparing: folder.appendingPathComponent("logbook"), language: language)
    }

    // What an app does with it.

    func enrolling(_ qrText: String) throws -> Enrolling {
        try .begin(options: options(), keyStore: keys, qrText: qrText, label: "Phone", reading: clock.reading())
    }

    func enrol(_ qrText: String, label: String = "Phone") async throws {
        opened = try await .enrol(
            options: options(), keyStore: keys, qrText: qrText, label: label, over: network, clock: clock)
    }

    /// After a kill, or a restart of the phone.
    func open() async throws {
        opened = try await .open(options: options(), keyStore: keys, clock: clock)
    }

    /// The app ends in order, and is started again.
    func restart() async throws {
        try await app.perform { try $0.shutdown() }
        try await open()
    }

    /// The app is gone, without having closed anything.
    func die() {
        opened = nil
    }

    func enrolPerson(_ staffNumber: String, _ code: String, pin: String) async throws {
        try await app.enrolPerson(staffNumber: staffNumber, code: code, pin: pin, over: network)
    }

    func person(_ name: String) async throws -> String {
        try await app.perform { try $0.people(reading: $1) }.only { $0.name == name }.id
    }

    func signIn(_ name: String, pin: String) async throws {
        let person = try await person(name)
        _ = try await app.perform { try $0.signIn(person: person, pin: pin, reading: $1) }
    }

    func signIn(_ person: Staff) async throws {
        try await signIn(person.name, pin: Self.pin)
    }

    func synchronize() async throws -> SyncReport {
        try await app.synchronize(over: network)
    }

    /// One conversation that brings everything across.
    func deliver(file: StaticString = #filePath, line: UInt = #line) async throws {
        let report = try await synchronize()
        XCTAssertEqual(report.delivered, .all, "\(report)", file: file, line: line)
    }

    /// Raises an incident of which nothing but its kind is known.
    @discardableResult
    func raise(_ nature: String? = nil) async throws -> String {
        try await app.perform { try $0.raise(nature, at: $1) }
    }
}

/// Clocks that go on when something is waited for: a test has no time to wait.
final class AheadClock: PhoneClock, @unchecked Sendable {
    private let lock = NSLock()
    private var ahead: Int64 = 0

    func reading() -> Reading {
        let (now, ahead) = (Reading.now(), lock.withLock { self.ahead })
        return Reading(
            wallMs: now.wallMs + ahead, zoneMinutes: 480, monotonicMs: now.monotonicMs + ahead, boot: "the first boot")
    }

    func wait(milliseconds: UInt64) async throws {
        try Task.checkCancellation()
        goOn(milliseconds: Int64(milliseconds))
    }

    func goOn(milliseconds: Int64) {
        lock.withLock { ahead += milliseconds }
    }
}

/// The phone's network, with its airplane mode.
final class Network: HTTPCarrier, @unchecked Sendable {
    private let session = URLSessionCarrier()
    private let lock = NSLock()
    private var reachable = true

    var online: Bool {
        get { lock.withLock { reachable } }
        set { lock.withLock { reachable = newValue } }
    }

    func send(_ request: HttpRequest) async throws -> HttpResponse {
        guard online else { throw HttpFailure.noConnection }
        return try await session.send(request)
    }
}
