import DutylogKit
import XCTest

/// A whole shift: two phones, one server, airplane mode, an app that dies in the middle, a handover by file.
///
/// Read it from top to bottom: it is how an app talks to the logbook.
final class WholeShiftTests: XCTestCase {
    private let pin = "246813"
    private let (zhang, li, liu) = ("张伟", "李娜", "刘洋")

    func testAWholeShift() async throws {
        let folder = try temporaryFolder(self)
        let server = try Server(in: folder.appendingPathComponent("server"))
        let day = try await enrolled(in: folder.appendingPathComponent("day"), at: server)
        let night = try await enrolled(in: folder.appendingPathComponent("night"), at: server)
        try await enrolPeople(day, night, at: server)

        // Airplane mode: from here on nothing reaches the server, and nothing has to.
        (day.network.online, night.network.online) = (false, false)
        try await comeOnDuty(day)
        let round = try await beginRound(day)
        try await dieInTheMiddle(day, round)
        let incident = try await finishRound(day, round)
        try await runIncident(day, incident)
        try await loseNothingOffline(day)
        let handover = try await handOver(day, night, incident, by: folder)
        try await close(incident, on: night)

        // The night's phone meets the server first, and delivers for both.
        (day.network.online, night.network.online) = (true, true)
        for phone in [night, day, night] {
            let report = try await phone.synchronize()
            XCTAssertEqual(report.delivered, .all, "\(report)")
        }
        for phone in [day, night] {
            try await expectReceipts(phone, for: [round, incident, handover])
        }
    }

    private func enrolled(in folder: URL, at server: Server) async throws -> Phone {
        let phone = try Phone(in: folder)
        try await phone.enrol(server.phoneCode(), label: folder.lastPathComponent)
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .all, "\(report)")
        return phone
    }

    private func enrolPeople(_ day: Phone, _ night: Phone, at server: Server) async throws {
        for (phone, staffNumber) in [(day, "Q001"), (day, "Q004"), (night, "Q002")] {
            try await phone.enrolPerson(staffNumber, server.personCode(staffNumber), pin: pin)
        }
        for phone in [day, night] {
            let report = try await phone.synchronize()
            XCTAssertEqual(report.delivered, .all, "\(report)")
        }
        let site = try await day.app.perform { try $0.site() }
        XCTAssertEqual(site.name, "Qingshiling pump station")
    }

    private func runningShift(_ phone: Phone) async throws -> Shift {
        let shifts = try await phone.app.perform { try $0.shifts(reading: $1) }
        let row = try XCTUnwrap(shifts.first(where: \.running))
        return Shift(date: row.date, key: row.key)
    }

    private func comeOnDuty(_ phone: Phone) async throws {
        // A wrong PIN costs a try, and nothing else.
        do {
            try await phone.signIn(liu, pin: "000001")
            XCTFail("a wrong PIN opened the phone")
        } catch let error as DutylogError {
            XCTAssertEqual(error.code, "wrong_pin")
            XCTAssertTrue(error.retryable)
        }
        try await phone.signIn(liu, pin: pin)
        let shift = try await runningShift(phone)
        let posts = try await phone.app.perform { try $0.posts(reading: $1) }
        let patrol = try XCTUnwrap(posts.first { $0.name == "patrol staff" }).id
        let tag = Proof(presence: .nfc, evidence: "QSL-P1")
        let came = try await phone.app.perform { app, now in
            _ = try app.checkIn(draft: app.newDraft(), shift: shift, post: patrol, proof: tag, reading: now)
            return try app.attendance(shift: shift)
        }
        XCTAssertEqual(came.map(\.name), [liu])
        XCTAssertTrue(came[0].came)
    }

    private func beginRound(_ phone: Phone) async throws -> String {
        try await phone.app.perform { app, now in
            let planned = try app.plannedRounds(reading: now)[0]
            let task = RoundTask.planned(plan: planned.plan, startsMs: planned.startsMs, endsMs: planned.endsMs)
            return try app.startRound(draft: app.newDraft(), task: task, reading: now).record
        }
    }

    /// The app dies right after it was told "saved": what was saved is there, and nobody is signed in.
    private func dieInTheMiddle(_ phone: Phone, _ round: String) async throws {
        let first = Answer(round: round, item: 1, status: .normal)
        _ = try await phone.app.perform { try $0.answerItem(draft: $0.newDraft(), answer: first, reading: $1) }
        phone.die()
        try await phone.open()
        let (signedIn, detail) = try await phone.app.perform { (try $0.signedIn(), try $0.round(round: round, reading: $1)) }
        XCTAssertNil(signedIn)
        XCTAssertEqual(detail.checkpoints.flatMap(\.items).filter(\.done).map(\.number), [1])
        try await phone.signIn(liu, pin: pin)
    }

    private func finishRound(_ phone: Phone, _ round: String) async throws -> String {
        try await phone.app.perform { app, now in
            let tag = Proof(presence: .nfc, evidence: "QSL-P1")
            _ = try app.reachCheckpoint(draft: app.newDraft(), round: round, checkpoint: 1, proof: tag, reading: now)
            // 0.70 MPa, in hundredths: over the alarm limit, and said so while it is being typed.
            let high = Answer(round: round, item: 2, status: .normal, reading: 70)
            XCTAssertEqual(try app.judgeAnswer(answer: high, reading: now), .alarm)
            for (item, reading) in [(2, 70), (3, 455), (6, 1_000), (8, 10_300), (10, 215)] as [(UInt32, Int64)] {
                let answer = Answer(round: round, item: item, status: .normal, reading: reading)
                let draft = try app.newDraft()
                let saved = try app.answerItem(draft: draft, answer: answer, reading: now)
                // The answer was lost on its way to the screen, so the app tries again: nothing is recorded twice.
                let again = try app.answerItem(draft: draft, answer: answer, reading: now)
                XCTAssertTrue(again.repeated && again.entry == saved.entry)
            }
            for checkpoint: UInt32 in [2, 4] {
                _ = try app.restNormal(draft: app.newDraft(), round: round, checkpoint: checkpoint, reading: now)
            }
        }
        do {
            _ = try await phone.app.perform { try $0.roundText(round: round, reading: $1) }
            XCTFail("a round with open items was ready to be signed")
        } catch DutylogError.Rejected(let code, let sentence, _, _) {
            XCTAssertEqual(code, "items_open")
            XCTAssertTrue(sentence.contains("trash rack clear"), sentence)
        }
        // What is signed is what was shown, to the letter: the digest says so.
        let shown = try await phone.app.perform { app, now in
            _ = try app.restNormal(draft: app.newDraft(), round: round, checkpoint: 3, reading: now)
            return try app.roundText(round: round, reading: now)
        }
        XCTAssertTrue(shown.text.contains("outlet pressure: 0.70 MPa"), shown.text)
        return try await phone.app.perform { app, now in
            _ = try app.signRound(
                draft: app.newDraft(), round: round, digest: shown.digest, shownAtMs: shown.shownAtMs, reading: now)
            XCTAssertEqual(try app.round(round: round, reading: now).state, .signed)
            let incident = NewIncident(
                kind: .equipment, severity: .high, fromRound: round, fromItem: 2,
                intake: IncidentIntake(nature: "outlet pressure too high"))
            return try app.raiseIncident(draft: app.newDraft(), incident: incident, reading: now).record
        }
    }

    private func runIncident(_ phone: Phone, _ incident: String) async throws {
        try await phone.app.perform { [liu] app, now in
            let intake = IncidentIntake(
                occurredMs: now.wallMs, reporter: liu, contact: "13800000004", place: "pump house 1",
                firstState: "valve stuck", suggestion: "stop pump 1")
            _ = try app.detailIncident(draft: app.newDraft(), incident: incident, intake: intake, reading: now)
            _ = try app.addTimeline(
                draft: app.newDraft(), incident: incident, text: "Pump 1 stopped.", atMs: nil, reading: now)
        }
        try await phone.signIn(zhang, pin: pin)
        let detail = try await phone.app.perform { app, now in
            _ = try app.acknowledge(draft: app.newDraft(), incident: incident, reading: now)
            _ = try app.reportByPhone(draft: app.newDraft(), incident: incident, to: "the duty office", reading: now)
            return try app.incident(incident: incident, reading: now)
        }
        XCTAssertEqual(detail.phoneReports.map(\.code), [detail.readBackCode])
        XCTAssertEqual(detail.acknowledgedBy, [zhang])
        XCTAssertEqual(detail.timeline.count, 1)
    }

    private func loseNothingOffline(_ phone: Phone) async throws {
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .notAll)
        XCTAssertEqual(report.code, "unreachable")
        XCTAssertFalse(report.sentence.isEmpty || report.whatToDo.isEmpty)
        let waiting = try await phone.app.perform { try $0.outbox() }
        XCTAssertTrue(waiting.entries > 10 && waiting.oldestMs != nil, "\(waiting)")
    }

    private func handOver(_ day: Phone, _ night: Phone, _ incident: String, by folder: URL) async throws -> String {
        // What is open was gathered by the logbook; the lead names who takes it over, and answers the checklist.
        let (shift, successor) = (try await runningShift(day), try await day.person(li))
        let frozen = try await day.app.perform { app, now in
            let prepared = try app.prepareHandover(shift: shift, handover: nil, reading: now)
            let open = prepared.items.filter(\.needsOwner)
            XCTAssertTrue(open.contains { $0.record == incident })
            let form = HandoverForm(
                handover: prepared.handover, shift: shift, to: successor,
                owners: open.map { NextOwner(item: $0.item, person: successor) },
                lines: prepared.lines.map { LineAnswer(line: $0.line, status: .normal) },
                watch: [WatchItem(text: "level of the forebay")],
                resources: [Resource(name: "generator fuel", state: .sound, note: "four fifths")])
            return try app.freezeHandover(form: form, reading: now)
        }
        XCTAssertTrue(frozen.text.contains("generator fuel"), frozen.text)
        _ = try await day.app.perform { app, now in
            try app.offerHandover(draft: app.newDraft(), handover: frozen.handover, digest: frozen.digest, reading: now)
        }

        // From phone to phone without any network: a file with what the other lacks.
        try await carry(from: day, to: night, by: folder.appendingPathComponent("to-night"))
        try await night.signIn(li, pin: pin)
        try await night.app.perform { [zhang] app, now in
            let offered = try app.handovers(cursor: nil, limit: 10).rows[0]
            XCTAssertTrue(offered.yoursToAnswer && offered.fromName == zhang)
            let shown = try app.handover(handover: offered.id)
            XCTAssertEqual(shown.text, frozen.text, "both sign the very same text")
            _ = try app.answerHandover(
                draft: app.newDraft(), handover: offered.id, decision: .acceptWithRemarks,
                remarks: "The left gate light is dim.", reading: now)
        }
        try await carry(from: night, to: day, by: folder.appendingPathComponent("to-day"))
        for phone in [day, night] {
            let both = try await phone.app.perform { try $0.handover(handover: frozen.handover) }
            XCTAssertEqual(both.row.state, "accepted")
            XCTAssertEqual(both.signatures.map(\.name), [zhang, li])
        }
        return frozen.handover
    }

    private func carry(from giver: Phone, to taker: Phone, by file: URL) async throws {
        let heads = try await taker.app.perform { try $0.heads() }
        _ = try await giver.app.perform { try $0.exportTo(path: file.path, heads: heads) }
        let came = try await taker.app.perform { try $0.importFrom(path: file.path) }
        XCTAssertTrue(came.stored > 0 && !came.alarm, "\(came)")
    }

    private func close(_ incident: String, on phone: Phone) async throws {
        let conclusion = Conclusion(
            incident: incident, result: "valve replaced", cause: "corrosion", responsibility: "maintenance",
            countermeasure: "check every month")
        let shown = try await phone.app.perform { try $0.closeText(conclusion: conclusion, reading: $1) }
        XCTAssertTrue(shown.text.contains("corrosion"), shown.text)
        let closed = try await phone.app.perform { app, now in
            _ = try app.closeIncident(draft: app.newDraft(), conclusion: conclusion, digest: shown.digest, reading: now)
            return try app.incident(incident: incident, reading: now).row.closed
        }
        XCTAssertTrue(closed)
    }

    private func expectReceipts(_ phone: Phone, for records: [String]) async throws {
        let outbox = try await phone.app.perform { try $0.outbox() }
        XCTAssertTrue(outbox.entries == 0 && outbox.lastReceiptMs != nil, "\(outbox)")
        let deliveries = try await phone.app.perform { app in try records.map { try app.delivery(record: $0) } }
        XCTAssertEqual(deliveries, [.received, .received, .received])
        let closed = try await phone.app.perform { try $0.incidents(cursor: nil, limit: 10).rows[0].closed }
        XCTAssertTrue(closed)
    }
}
