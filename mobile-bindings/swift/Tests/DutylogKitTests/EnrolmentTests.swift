import DutylogKit
import XCTest

/// Becoming a phone of a site, and a person on it.
final class EnrolmentTests: SiteTest {
    private func pending(_ phone: Phone) throws -> Enrolling? {
        try pendingEnrolment(options: phone.options(), keyStore: phone.keys, reading: phone.clock.reading())
    }

    func testAnEnrolmentOutlivesAKillAndItsAnswerMakesTheLogbook() async throws {
        let phone = try makePhone("phone")
        let request = try phone.enrolling(server.phoneCode()).request()
        XCTAssertEqual(request.method, "POST")

        let kept = try XCTUnwrap(pending(phone))
        XCTAssertEqual(kept.request().body, request.body)
        let logbook = try await kept.finish(response: phone.network.send(request))
        let site = try logbook.site()
        XCTAssertEqual(site.origin + request.path, request.url)
        XCTAssertFalse(site.described, "the first conversation brings what the site is")
        XCTAssertEqual(try logbook.shifts(reading: phone.clock.reading()), [])
        XCTAssertNil(try pending(phone))
    }

    func testAnEnrolmentThatTheServerDidNotTakeSaysWhy() async throws {
        let (phone, code) = (try makePhone("phone"), try server.phoneCode())
        let enrolling = try phone.enrolling(code)
        // A portal of a hotel, a server behind a proxy that is down.
        for (status, why) in [(302, "not_headquarters"), (503, "enrolment_later")] as [(UInt16, String)] {
            let answer = HttpResponse(status: status, headers: [], body: Data())
            let error = try assertRefused(.exchange(why)) { try enrolling.finish(response: answer) }
            XCTAssertTrue(error.retryable)
        }
        _ = try await enrolling.finish(response: phone.network.send(enrolling.request()))

        let second = try makePhone("second")
        let spent = try await assertRefused(.exchange("enrolment_refused")) { try await second.enrol(code) }
        guard case .Exchange(_, _, _, retryable: false, let serverCode) = spent else { return XCTFail("\(spent)") }
        XCTAssertFalse(serverCode.isEmpty)
    }

    func testAPhoneThatWasNeverEnrolledHasNoLogbook() async throws {
        let phone = try makePhone("phone")
        try await assertRefused(.exchange("bad_enrolment")) { try await phone.open() }
        let options = try phone.options()
        let short = Options(folder: options.folder, language: options.language, seed: options.seed.dropLast())
        try assertRefused(.badArgument("seed")) {
            try Logbook.open(options: short, keyStore: phone.keys, reading: phone.clock.reading())
        }
    }

    func testAPersonsEnrolmentOutlivesAKill() async throws {
        let phone = try await enrolledPhone("phone")
        let (number, code) = (Staff.zhang.number, try server.personCode(Staff.zhang.number))
        let asked = try await phone.app.perform { app in
            try assertRefused(.signIn("weak_pin")) {
                try app.enrolPerson(staffNumber: number, code: code, pin: "111111")
            }
            try assertRefused(.exchange("not_an_invitation")) {
                try app.enrolPerson(staffNumber: number, code: "AAAA-BBBB", pin: Phone.pin)
            }
            XCTAssertNil(try app.pendingPerson())
            return try app.enrolPerson(staffNumber: number, code: code, pin: Phone.pin)
        }
        try await phone.restart()
        let kept = try await phone.app.perform { try $0.pendingPerson() }
        XCTAssertEqual(kept?.body, asked.body)

        phone.network.online = false
        do {
            try await phone.app.resumePerson(over: phone.network)
            XCTFail("nothing answered")
        } catch let failure as HttpFailure {
            XCTAssertEqual(failure, .noConnection)
        }
        phone.network.online = true
        try await phone.app.resumePerson(over: phone.network)
        try await phone.app.resumePerson(over: phone.network)   // nothing is pending: it does nothing
        try await phone.app.perform { app, now in
            XCTAssertNil(try app.pendingPerson())
            let row = try app.person(.zhang, at: now)
            XCTAssertTrue(row.onThisPhone && !row.signedIn && !row.locked && row.waitMs == 0, "\(row)")
        }
    }

    func testAPersonsCodeWorksOnceAndTheAnswerHasToBeHeadquartersOwn() async throws {
        let phone = try await enrolledPhone("phone")
        let code = try server.personCode(Staff.zhang.number)
        try await phone.app.perform { app in
            _ = try app.enrolPerson(staffNumber: Staff.zhang.number, code: code, pin: Phone.pin)
            let welcome = HttpResponse(status: 200, headers: [], body: Data("welcome".utf8))
            try assertRefused(.exchange("not_headquarters")) { try app.personEnrolled(response: welcome) }
        }
        try await phone.app.resumePerson(over: phone.network)
        try await assertRefused(.exchange("enrolment_refused")) {
            try await phone.enrolPerson(Staff.li.number, code, pin: Phone.pin)
        }
        let pending = try await phone.app.perform { try $0.pendingPerson() }
        XCTAssertNil(pending, "nothing is pending after a refusal")
    }

    func testTheFirstConversationBringsThePeople() async throws {
        let phone = try makePhone("phone")
        try await phone.enrol(server.phoneCode())
        try await phone.enrolPerson(Staff.zhang.number, server.personCode(Staff.zhang.number), pin: Phone.pin)
        let zhang = try await phone.app.perform { try $0.people(reading: $1).only().id }
        try await assertRefused(.rejected("not_here")) {
            try await phone.app.perform { try $0.signIn(person: zhang, pin: Phone.pin, reading: $1) }
        }
        try await phone.deliver()
        try await phone.signIn(.zhang)
    }
}
