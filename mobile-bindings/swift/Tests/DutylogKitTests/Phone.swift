import DutylogKit
import Foundation

/// A phone with its files in one folder. An app does the same with its own means.
final class Phone {
    let folder: URL
    let clock = AheadClock()
    let network = Network()
    var keys: KeyStore
    private var opened: LogbookActor?

    init(in folder: URL) throws {
        self.folder = folder
        // On a phone the secret lies in the Keychain (`keychainSecret()`); here it is the same for all.
        keys = try softwareKeyStore(at: folder.appendingPathComponent("keys"), secret: Data(repeating: 7, count: 32))
    }

    /// The logbook, once it was enrolled or opened.
    var app: LogbookActor { opened! }

    func options() throws -> Options {
        try Options(preparing: folder.appendingPathComponent("logbook"), language: .english)
    }

    // What an app does with it.

    func enrol(_ qrText: String, label: String = "Phone") async throws {
        opened = try await .enrol(
            options: options(), keyStore: keys, qrText: qrText, label: label, over: network, clock: clock)
    }

    /// After a kill, or a restart of the phone.
    func open() async throws {
        opened = try await .open(options: options(), keyStore: keys, clock: clock)
    }

    /// The app is gone, without having closed anything.
    func die() {
        opened = nil
    }

    func enrolPerson(_ staffNumber: String, _ code: String, pin: String) async throws {
        try await app.enrolPerson(staffNumber: staffNumber, code: code, pin: pin, over: network)
    }

    func person(_ name: String) async throws -> String {
        try await app.perform { try $0.people(reading: $1) }.first { $0.name == name }!.id
    }

    func signIn(_ name: String, pin: String) async throws {
        let person = try await person(name)
        _ = try await app.perform { try $0.signIn(person: person, pin: pin, reading: $1) }
    }

    func synchronize() async throws -> SyncReport {
        try await app.synchronize(over: network)
    }

    /// Raises an incident of which nothing but its kind is known.
    @discardableResult
    func raise(_ nature: String? = nil) async throws -> String {
        try await app.perform { app, now in
            let incident = NewIncident(kind: .water, intake: IncidentIntake(nature: nature))
            return try app.raiseIncident(draft: app.newDraft(), incident: incident, reading: now).record
        }
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
        lock.withLock { ahead += Int64(milliseconds) }
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
