import DutylogKit
import XCTest

/// Coming on duty and going off duty; what people choose from.
final class DutyTests: SiteTest {
    func testComingAndGoingAreRecordedAndCanBeCorrected() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        try await phone.signIn(.zhang)
        try await phone.app.perform { app, now in
            let (shift, lead) = (try app.runningShift(at: now), try app.post("duty lead", at: now))
            XCTAssertTrue(try app.posts(reading: now).only { $0.id == lead }.yours)
            func checkIn() throws -> Saved {
                try app.checkIn(draft: app.newDraft(), shift: shift, post: lead, proof: nil, reading: now)
            }
            _ = try checkIn()
            try assertRefused(.rejected("already_checked_in")) { try checkIn() }
            let gate = Proof(presence: .typed, evidence: "at the gate")
            _ = try app.checkOut(draft: app.newDraft(), shift: shift, post: lead, proof: gate, reading: now)
        }
        try await phone.app.perform { app, now in
            let (shift, zhang) = (try app.runningShift(at: now), try app.person(.zhang, at: now).id)
            func leftEarlier(_ reason: String) throws -> Saved {
                try app.correctAttendance(
                    draft: app.newDraft(), shift: shift, person: zhang, came: false, atMs: now.wallMs - 60_000,
                    reason: reason, reading: now)
            }
            _ = try leftEarlier("left earlier")
            try assertRefused(.rejected("text_missing")) { try leftEarlier(" ") }
            let rows = try app.attendance(shift: shift)
            XCTAssertEqual(Set(rows.map(\.name)), [Staff.zhang.name])
            XCTAssertEqual(Set(rows.map(\.came)), [true, false])
            XCTAssertEqual(rows.map(\.atMs), rows.map(\.atMs).sorted())
        }
    }

    func testWhatIsNotTheirsToFillIsRefused() async throws {
        let phone = try await enrolledPhone("phone", .liu)
        try await phone.signIn(.liu)
        try await phone.app.perform { app, now in
            let shift = try app.runningShift(at: now)
            let (lead, patrol) = (try app.post("duty lead", at: now), try app.post("patrol staff", at: now))
            func checkIn(_ shift: Shift, _ post: String) throws -> Saved {
                try app.checkIn(draft: app.newDraft(), shift: shift, post: post, proof: nil, reading: now)
            }
            try assertRefused(.rejected("post_not_yours")) { try checkIn(shift, lead) }
            try assertRefused(.rejected("no_such_shift")) { try checkIn(Shift(date: shift.date, key: "noon"), patrol) }
            try assertRefused(.badArgument("shift.date")) {
                try app.attendance(shift: Shift(date: "yesterday", key: shift.key))
            }
            try assertRefused(.badArgument("post")) {
                try app.checkOut(draft: app.newDraft(), shift: shift, post: "a post", proof: nil, reading: now)
            }
        }
    }

    func testTheSiteIsWhatHeadquartersDescribed() async throws {
        let phone = try await enrolledPhone("phone")
        try await phone.app.perform { app, now in
            let checklists = try app.checklists()
            XCTAssertEqual(checklists.map(\.name), ["daily checklist", "handover checklist"])
            XCTAssertEqual(checklists.first?.items, 10)
            XCTAssertTrue(checklists.allSatisfy { $0.version > 0 })
            XCTAssertEqual(try app.site().timeZone, "Asia/Shanghai")
            XCTAssertEqual(try app.shifts(reading: now).count, 6)
            XCTAssertEqual(try app.shifts(reading: now).filter(\.running).count, 1)
            XCTAssertEqual(try app.people(reading: now).count, 8)
        }
    }
}
