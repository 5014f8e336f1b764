import DutylogKit
import XCTest

/// Signing in and out.
final class SignInTests: SiteTest {
    func testSigningInIsRefusedToStrangersAndWrongPINsAndNeverWipesAnything() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        let nobody = try await phone.app.perform { try $0.signedIn() }
        XCTAssertNil(nobody)
        try await assertRefused(.signIn("unknown_person")) { try await phone.signIn(.li) }
        try await lock(.zhang, on: phone)
        let zhang = try await phone.app.perform { try $0.person(.zhang, at: $1) }
        XCTAssertTrue(zhang.locked)
        try await assertRefused(.signIn("pin_locked")) { try await phone.signIn(.zhang) }

        // Enrolled again, the person is in.
        try await phone.enrolPerson(Staff.zhang.number, server.personCode(Staff.zhang.number), pin: Phone.pin)
        try await phone.deliver()
        try await phone.signIn(.zhang)
        try await phone.app.perform { app, now in
            XCTAssertEqual(try app.signedIn(), zhang.id)
            try app.signOut(reading: now, idle: true)
            XCTAssertNil(try app.signedIn())
            let (shift, lead) = (try app.runningShift(at: now), try app.post("duty lead", at: now))
            try assertRefused(.rejected("nobody_signed_in")) {
                try app.checkIn(draft: app.newDraft(), shift: shift, post: lead, proof: nil, reading: now)
            }
        }
    }

    /// Types wrong PINs, waiting as long as is asked for in between, until no more are taken.
    private func lock(_ person: Staff, on phone: Phone) async throws {
        for _ in 0..<100 {
            let wrong = try await refused { try await phone.signIn(person.name, pin: "000001") }
            guard case .SignIn(let code, _, _, let retryable, let waitMs) = wrong else { return XCTFail("\(wrong)") }
            XCTAssertEqual(retryable, code != "pin_locked", "\(wrong)")
            XCTAssertTrue(code != "pin_wait" || waitMs > 0, "\(wrong)")
            if code == "pin_locked" { return }
            phone.clock.goOn(milliseconds: waitMs)
        }
        XCTFail("a hundred wrong PINs were taken")
    }

    func testAPhoneSpeaksItsLanguage() async throws {
        let phone = try await enrolledPhone("phone", .zhang, language: .chinese)
        let site = try await phone.app.perform { try $0.site() }
        XCTAssertEqual(site.name, "青石岭泵站")
        let wrong = try await assertRefused(.signIn("wrong_pin")) {
            try await phone.signIn(Staff.zhang.name, pin: "000001")
        }
        XCTAssertEqual(wrong.sentence, "PIN 不正确。")
        XCTAssertEqual(wrong.whatToDo, "请重新输入。")
    }
}
