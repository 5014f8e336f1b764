import DutylogKit
import XCTest

/// What two people wrote without having seen each other.
final class ConflictTests: SiteTest {
    func testTwoValuesWaitForAPersonAndTheChosenOneStands() async throws {
        let (one, two) = (try await enrolledPhone("one", .zhang), try await enrolledPhone("two", .li))
        let incident = try await disagree(one, two)
        try await one.app.perform { app, now in
            let conflict = try app.conflicts(record: nil).only()
            XCTAssertEqual(try app.conflicts(record: incident), [conflict])
            XCTAssertEqual(Set(conflict.values.map(\.text)), ["pump house 1", "intake gate"])
            XCTAssertEqual(Set(conflict.values.map(\.author)), [Staff.zhang.name, Staff.li.name])
            XCTAssertEqual(try app.incidents(cursor: nil, limit: 10).rows.only().conflicts, 1)

            func settle(_ cell: String, _ value: String) throws -> Saved {
                try app.settleConflict(draft: app.newDraft(), record: incident, cell: cell, value: value, reading: now)
            }
            let chosen = try conflict.values.only { $0.text == "intake gate" }.value
            try assertRefused(.badArgument("value")) { try settle(conflict.cell, "a value") }
            try assertRefused(.badArgument("cell")) { try settle("a cell", chosen) }
            // A value crosses encoded; this is the text "elsewher".
            try assertRefused(.rejected("not_a_live_value")) { try settle(conflict.cell, "68656c736577686572") }
            _ = try settle(conflict.cell, chosen)
            try assertRefused(.rejected("nothing_to_settle")) { try settle(conflict.cell, chosen) }
        }
        for phone in [one, two] { try await phone.deliver() }
        for phone in [one, two] {
            try await phone.app.perform { app, now in
                XCTAssertEqual(try app.conflicts(record: nil), [])
                XCTAssertEqual(try app.incident(incident: incident, reading: now).row.place, "intake gate")
            }
        }
    }

    func testWhereNeitherWasRightANewValueStands() async throws {
        let (one, two) = (try await enrolledPhone("one", .zhang), try await enrolledPhone("two", .li))
        let incident = try await disagree(one, two)
        try await one.app.perform { app, now in
            let cell = try app.conflicts(record: incident).only().cell
            func settle(_ value: NewValue) throws -> Saved {
                try app.settleConflictAnew(draft: app.newDraft(), record: incident, cell: cell, value: value, reading: now)
            }
            try assertRefused(.rejected("value_unfit")) { try settle(.yesNo(yes: true)) }
            _ = try settle(.text(text: "between the two"))
            XCTAssertEqual(try app.incident(incident: incident, reading: now).row.place, "between the two")
        }
    }

    func testARoundWithDisputedAnswersIsNotSigned() async throws {
        let (one, two) = (try await enrolledPhone("one", .liu), try await enrolledPhone("two", .wang))
        try await one.signIn(.liu)
        try await two.signIn(.wang)
        let round = try await one.app.perform { try $0.startDailyRound(at: $1) }
        for phone in [one, two] { try await phone.deliver() }
        for (phone, status) in [(one, ItemStatus.normal), (two, .abnormal)] {
            let answer = Answer(round: round, item: 1, status: status, note: "as I saw it")
            _ = try await phone.app.perform { try $0.answerItem(draft: $0.newDraft(), answer: answer, reading: $1) }
        }
        try await one.app.perform { try $0.skipCheckpoints([1, 2, 3, 4], of: round, at: $1) }
        for phone in [one, two, one] { try await phone.deliver() }
        try await one.app.perform { app, now in
            let items = try app.round(round: round, reading: now).checkpoints.flatMap(\.items)
            XCTAssertEqual(items.filter(\.disputed).map(\.number), [1])
            try assertRefused(.rejected("items_disputed")) { try app.roundText(round: round, reading: now) }
        }
    }

    /// Both leads tell where an incident is, before either hears from the other.
    private func disagree(_ one: Phone, _ two: Phone) async throws -> String {
        try await one.signIn(.zhang)
        try await two.signIn(.li)
        let incident = try await one.raise()
        for phone in [one, two] { try await phone.deliver() }
        for (phone, place) in [(one, "pump house 1"), (two, "intake gate")] {
            let told = IncidentIntake(place: place)
            _ = try await phone.app.perform { app, now in
                try app.detailIncident(draft: app.newDraft(), incident: incident, intake: told, reading: now)
            }
        }
        for phone in [one, two, one] { try await phone.deliver() }
        return incident
    }
}
