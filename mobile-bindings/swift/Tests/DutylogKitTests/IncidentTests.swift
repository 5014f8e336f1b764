import DutylogKit
import XCTest

/// Incidents from the first word to the close; comments.
final class IncidentTests: SiteTest {
    func testAnIncidentIsRaisedByNobodyAndRunByPeople() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        let incident = try await phone.raise()
        _ = try await phone.app.perform { app, now in
            try app.addTimeline(
                draft: app.newDraft(), incident: incident, text: "Water in the switch room.", atMs: nil, reading: now)
        }
        try await phone.signIn(.zhang)
        try await phone.app.perform { app, now in
            _ = try app.changeSeverity(draft: app.newDraft(), incident: incident, severity: .high, reading: now)
            let liu = try app.person(.liu, at: now).id
            for (assigned, names) in [(true, [Staff.liu.name]), (false, [])] {
                _ = try app.assign(
                    draft: app.newDraft(), incident: incident, person: liu, assigned: assigned, reading: now)
                XCTAssertEqual(try app.incident(incident: incident, reading: now).assigned, names)
            }
            func acknowledge() throws -> Saved {
                try app.acknowledge(draft: app.newDraft(), incident: incident, reading: now)
            }
            _ = try acknowledge()
            try assertRefused(.rejected("already_acknowledged")) { try acknowledge() }
            _ = try app.reportByPhone(draft: app.newDraft(), incident: incident, to: "the duty office", reading: now)
            _ = try app.comment(draft: app.newDraft(), record: incident, text: "The pump runs.", reading: now)
        }
        let detail = try await phone.app.perform { try $0.incident(incident: incident, reading: $1) }
        XCTAssertEqual(detail.row.severity, .high)
        XCTAssertEqual(detail.row.kind, .water)
        XCTAssertEqual(detail.comments.map(\.text), ["The pump runs."])
        XCTAssertEqual(detail.comments.map(\.name), [Staff.zhang.name])
        XCTAssertTrue(detail.row.acknowledged && !detail.reportClock.isEmpty)
        XCTAssertTrue(detail.fields.contains(where: \.missing))
    }

    func testAMajorIncidentIsClosedUnderTheTextThatWasShown() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        try await phone.signIn(.zhang)
        let incident = try await phone.app.perform { app, now in
            let major = NewIncident(kind: .network, severity: .high, intake: IncidentIntake())
            return try app.raiseIncident(draft: app.newDraft(), incident: major, reading: now).record
        }
        let conclusion = Conclusion(
            incident: incident, result: "line repaired", cause: "a digger", responsibility: "carrier",
            countermeasure: "second line")
        try await phone.app.perform { app, now in
            try assertRefused(.rejected("incident_incomplete")) { try app.closeText(conclusion: conclusion, reading: now) }
            let told = IncidentIntake(
                occurredMs: now.wallMs, reporter: Staff.zhang.name, contact: "13800000001", place: "communications room",
                nature: "line down", firstState: "no signal", suggestion: "call the carrier")
            _ = try app.detailIncident(draft: app.newDraft(), incident: incident, intake: told, reading: now)

            let shown = try app.closeText(conclusion: conclusion, reading: now)
            func close(_ digest: String?) throws -> Saved {
                try app.closeIncident(draft: app.newDraft(), conclusion: conclusion, digest: digest, reading: now)
            }
            try assertRefused(.rejected("shown_text_changed")) { try close(nil) }
            _ = try close(shown.digest)
            XCTAssertTrue(try app.incident(incident: incident, reading: now).row.closed)
            try assertRefused(.rejected("incident_closed")) { try close(shown.digest) }
        }
    }

    func testDetailsThatSayNothingOrTooMuchAreRefused() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        try await phone.signIn(.zhang)
        let incident = try await phone.raise()
        try await phone.app.perform { app, now in
            func tell(_ intake: IncidentIntake) throws -> Saved {
                try app.detailIncident(draft: app.newDraft(), incident: incident, intake: intake, reading: now)
            }
            try assertRefused(.rejected("nothing_entered")) { try tell(IncidentIntake()) }
            let page = String(repeating: "x", count: 16_000)
            let large = IncidentIntake(
                reporter: page, contact: page, place: page, nature: page, firstState: page, suggestion: page)
            try assertRefused(.rejected("too_large")) { try tell(large) }
        }
    }

    func testWhatAPersonMayNotDoIsRefusedAndWhatIsMistypedIsTold() async throws {
        let phone = try await enrolledPhone("phone", .liu)
        let incident = try await phone.raise()
        try await phone.signIn(.liu)
        try await phone.app.perform { app, now in
            let half = NewIncident(kind: .other, fromItem: 1, intake: IncidentIntake())
            try assertRefused(.badArgument("from_item")) {
                try app.raiseIncident(draft: app.newDraft(), incident: half, reading: now)
            }
            let conclusion = Conclusion(incident: incident)
            try assertRefused(.rejected("not_allowed")) {
                try app.closeIncident(draft: app.newDraft(), conclusion: conclusion, digest: nil, reading: now)
            }
            try assertRefused(.rejected("not_here")) {
                try app.incident(incident: String(repeating: "0", count: 32), reading: now)
            }
            let page = try app.incidents(cursor: nil, limit: 1)
            XCTAssertEqual(page.rows.map(\.id), [incident])
            XCTAssertEqual(try app.incidents(cursor: XCTUnwrap(page.next), limit: 1).rows, [])
            for limit: UInt32 in [0, 201] {
                try assertRefused(.badArgument("limit")) { try app.incidents(cursor: nil, limit: limit) }
            }
            try assertRefused(.badArgument("cursor")) { try app.incidents(cursor: "here", limit: 1) }
        }
    }

    func testWhatALockedPhoneRecordedIsClaimedByWhoeverItWas() async throws {
        let (phone, other) = (try await enrolledPhone("phone", .liu), try await enrolledPhone("other", .zhang))
        let saved = try await phone.app.perform { app, now in
            let fire = NewIncident(kind: .fire, intake: IncidentIntake())
            let saved = try app.raiseIncident(draft: app.newDraft(), incident: fire, reading: now)
            XCTAssertEqual(try app.unclaimed(record: saved.record).map(\.entry), [saved.entry])
            return saved
        }
        try await phone.signIn(.liu)
        try await phone.app.perform { app, now in
            _ = try app.claim(draft: app.newDraft(), entry: saved.entry, reading: now)
            XCTAssertEqual(try app.unclaimed(record: saved.record), [])
            let mine = try app.comment(draft: app.newDraft(), record: saved.record, text: "it was me", reading: now).entry
            try assertRefused(.rejected("already_claimed")) {
                try app.claim(draft: app.newDraft(), entry: mine, reading: now)
            }
            try assertRefused(.badArgument("entry")) {
                try app.claim(draft: app.newDraft(), entry: "an entry", reading: now)
            }
        }
        for phone in [phone, other] { try await phone.deliver() }
        try await other.signIn(.zhang)
        try await assertRefused(.rejected("entry_elsewhere")) {
            try await other.app.perform { try $0.claim(draft: $0.newDraft(), entry: saved.entry, reading: $1) }
        }
    }

    func testADraftIsRecordedOnceWhateverHappenedInBetween() async throws {
        let phone = try await enrolledPhone("phone")
        let draft = try await phone.app.perform { try $0.newDraft() }
        let incident = NewIncident(kind: .water, intake: IncidentIntake(nature: "a leak"))
        let saved = try await phone.app.perform { try $0.raiseIncident(draft: draft, incident: incident, reading: $1) }
        try await phone.restart()
        let again = try await phone.app.perform { try $0.raiseIncident(draft: draft, incident: incident, reading: $1) }
        XCTAssertTrue(again.repeated && !saved.repeated && again.entry == saved.entry)
        let rows = try await phone.app.perform { try $0.incidents(cursor: nil, limit: 10).rows }
        XCTAssertEqual(rows.map(\.id), [saved.record])
    }
}
