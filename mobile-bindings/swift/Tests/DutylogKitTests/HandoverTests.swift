import DutylogKit
import XCTest

/// Handing over, beyond the plain way that the whole shift walks.
final class HandoverTests: SiteTest {
    func testAnOfferCanBeTakenBackAndMadeAgain() async throws {
        let phone = try await enrolledPhone("phone", .zhang, .li)
        try await phone.signIn(.zhang)
        let again = try await phone.app.perform { app, now in
            let offered = try app.offer(to: .li, at: now)
            try assertRefused(.rejected("own_handover")) { try app.answer(offered, .accept, at: now) }
            _ = try app.withdraw(offered, "a line is wrong", at: now)
            let detail = try app.handover(handover: offered)
            XCTAssertEqual(detail.row.state, "withdrawn")
            XCTAssertEqual(detail.reason, "a line is wrong")
            try assertRefused(.rejected("handover_stands")) { try app.withdraw(offered, "again", at: now) }
            let again = try app.offer(to: .li, at: now)
            XCTAssertNotEqual(again, offered)
            return again
        }
        try await phone.signIn(.li)
        try await phone.app.perform { app, now in
            try assertRefused(.rejected("not_outgoing")) { try app.withdraw(again, "not mine", at: now) }
            try assertRefused(.rejected("text_missing")) { try app.answer(again, .refuse, at: now) }
            _ = try app.answer(again, .refuse, "the keys are missing", at: now)
            XCTAssertEqual(try app.handover(handover: again).row.state, "refused")
        }
    }

    func testNobodyThereToTakeOverIsNoReasonToStay() async throws {
        let phone = try await enrolledPhone("phone", .zhang, .li)
        try await phone.signIn(.zhang)
        let handover = try await phone.app.perform { app, now in
            let frozen = try app.freezeHandover(form: app.form(to: nil, at: now), reading: now)
            _ = try app.handOverAlone(
                draft: app.newDraft(), handover: frozen.handover, digest: frozen.digest,
                reason: "the relief is stuck in the flood", reading: now)
            XCTAssertEqual(try app.handover(handover: frozen.handover).row.state, "one_sided")
            return frozen.handover
        }
        try await phone.signIn(.li)
        try await phone.app.perform { app, now in
            _ = try app.answer(handover, .accept, at: now)
            XCTAssertEqual(try app.handover(handover: handover).row.state, "accepted")
        }
    }

    func testWhatIsMissingIsNamedAndWhatChangedIsNotSigned() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        try await phone.signIn(.zhang)
        try await phone.raise("flicker")
        try await phone.app.perform { app, now in
            let (whole, zhang) = (try app.form(to: .li, at: now), try app.person(.zhang, at: now).id)
            let unfit = [
                ("owners_missing", whole.with(owners: [])),
                ("lines_unanswered", whole.with(lines: [])),
                ("own_handover", whole.with(to: zhang)),
            ]
            for (why, form) in unfit {
                try assertRefused(.rejected(why)) { try app.freezeHandover(form: form, reading: now) }
            }

            let frozen = try app.freezeHandover(form: whole, reading: now)
            func offer(_ digest: String) throws -> Saved {
                try app.offerHandover(draft: app.newDraft(), handover: frozen.handover, digest: digest, reading: now)
            }
            try assertRefused(.rejected("shown_text_changed")) { try offer(String(repeating: "f", count: 64)) }
            try assertRefused(.badArgument("digest")) { try offer("a digest") }
            let continued = try app.prepareHandover(shift: whole.shift, handover: frozen.handover, reading: now)
            XCTAssertEqual(continued.handover, frozen.handover)
            try assertRefused(.rejected("not_here")) { try app.handover(handover: String(repeating: "0", count: 32)) }
        }
    }

    func testRecordsFromBeforeTheCutThatComeAfterItAreTakenNoticeOf() async throws {
        let (lead, other) = (try await enrolledPhone("lead", .zhang, .li, .liu), try await enrolledPhone("other"))
        // Recorded on a phone without network, and delivered after the leads have signed.
        try await other.raise("hail")
        try await lead.signIn(.zhang)
        let handover = try await lead.app.perform { try $0.offer(to: .li, at: $1) }
        try await lead.signIn(.li)
        try await lead.app.perform { app, now in
            _ = try app.answer(handover, .accept, at: now)
            XCTAssertNil(try app.addendum(handover: handover))
        }
        for phone in [lead, other, lead] { try await phone.deliver() }

        let late = try await lead.app.perform { try $0.addendum(handover: handover) }
        let addendum = try XCTUnwrap(late, "the other phone's records came late")
        XCTAssertTrue(addendum.entries > 0 && addendum.acknowledgedBy.isEmpty, addendum.text)
        try await lead.signIn(.liu)
        try await assertRefused(.rejected("not_allowed")) { try await acknowledge(addendum, of: handover, on: lead) }
        try await lead.signIn(.li)
        _ = try await acknowledge(addendum, of: handover, on: lead)
        let seen = try await lead.app.perform { try $0.addendum(handover: handover) }
        XCTAssertEqual(seen?.acknowledgedBy, [Staff.li.name])
    }

    private func acknowledge(_ addendum: AddendumRow, of handover: String, on phone: Phone) async throws -> Saved {
        try await phone.app.perform { app, now in
            try app.acknowledgeAddendum(
                draft: app.newDraft(), handover: handover, addendum: addendum.digest, reading: now)
        }
    }
}

private extension Logbook {
    /// What the lead of the running shift fills in.
    func form(to successor: Staff?, at now: Reading) throws -> HandoverForm {
        let (shift, owner) = (try runningShift(at: now), try person(.li, at: now).id)
        let prepared = try prepareHandover(shift: shift, handover: nil, reading: now)
        return HandoverForm(
            handover: prepared.handover, shift: shift, to: try successor.map { try person($0, at: now).id },
            owners: prepared.items.filter(\.needsOwner).map { NextOwner(item: $0.item, person: owner) },
            lines: prepared.lines.map { LineAnswer(line: $0.line, status: .normal) },
            watch: [], resources: [])
    }

    func offer(to successor: Staff, at now: Reading) throws -> String {
        let frozen = try freezeHandover(form: form(to: successor, at: now), reading: now)
        _ = try offerHandover(draft: newDraft(), handover: frozen.handover, digest: frozen.digest, reading: now)
        return frozen.handover
    }

    func answer(_ handover: String, _ decision: Decision, _ remarks: String = "", at now: Reading) throws -> Saved {
        try answerHandover(draft: newDraft(), handover: handover, decision: decision, remarks: remarks, reading: now)
    }

    func withdraw(_ handover: String, _ reason: String, at now: Reading) throws -> Saved {
        try withdrawHandover(draft: newDraft(), handover: handover, reason: reason, reading: now)
    }
}

private extension HandoverForm {
    /// The same form, filled in differently.
    func with(to: String? = nil, owners: [NextOwner]? = nil, lines: [LineAnswer]? = nil) -> HandoverForm {
        HandoverForm(
            handover: handover, shift: shift, to: to ?? self.to, owners: owners ?? self.owners,
            lines: lines ?? self.lines, watch: watch, resources: resources)
    }
}
