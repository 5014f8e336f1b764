import DutylogKit
import XCTest

/// The lines that the README shows.
final class ReadmeTests: XCTestCase {
    private var shown: [IncidentRow] = []

    private func show(_ rows: [IncidentRow]) {
        shown += rows
    }

    func testTheTenLines() async throws {
        let folder = try temporaryFolder(self)
        let server = try Server(in: folder.appendingPathComponent("server"))
        let (qrText, code, pin) = (try server.phoneCode(), try server.personCode("Q004"), "246813")
        // shown: begin
        let keys = try softwareKeyStore(at: folder.appendingPathComponent("keys"), secret: keychainSecret())
        let options = try Options(preparing: folder.appendingPathComponent("logbook"), language: .chinese)
        let http = URLSessionCarrier()      // once the phone is enrolled: LogbookActor.open(options: options, keyStore: keys)
        let logbook = try await LogbookActor.enrol(options: options, keyStore: keys, qrText: qrText, label: "巡检 2", over: http)
        let report = try await logbook.synchronize(over: http)
        try await logbook.enrolPerson(staffNumber: "Q004", code: code, pin: pin, over: http)
        let new = NewIncident(kind: .water, intake: IncidentIntake(nature: "电缆沟进水"))
        let saved = try await logbook.perform { app, now in try app.raiseIncident(draft: app.newDraft(), incident: new, reading: now) }
        for try await rows in logbook.incidents(pageSize: 50) { show(rows) }      // display-ready, in the phone's language
        try await logbook.perform { try $0.pause() }                              // no file stays open until resume()
        // shown: end
        XCTAssertEqual(report.delivered, .all, "\(report)")
        XCTAssertEqual(shown.map(\.id), [saved.record])
        XCTAssertEqual(shown.map(\.kindText), ["漏水或水浸"])
    }
}

#if !canImport(Security)
/// Where there is no Keychain.
private func keychainSecret() -> Data {
    Data(repeating: 7, count: 32)
}
#endif
