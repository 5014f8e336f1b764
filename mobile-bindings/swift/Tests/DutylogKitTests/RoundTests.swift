import DutylogKit
import XCTest

/// Walking rounds: what is planned, what is answered, what is left out, what is signed.
final class RoundTests: SiteTest {
    func testARoundIsWalkedWithItsLimitsAndGapsAndSigned() async throws {
        let phone = try await enrolledPhone("phone", .liu)
        try await phone.signIn(.liu)
        let round = try await phone.app.perform { app, now in
            let round = try app.startDailyRound(at: now)
            let tag = Proof(presence: .qr, evidence: "QSL-E1")
            _ = try app.reachCheckpoint(draft: app.newDraft(), round: round, checkpoint: 2, proof: tag, reading: now)
            _ = try app.answer(Answer(round: round, item: 4, status: .normal), at: now)
            _ = try app.answer(Answer(round: round, item: 5, status: .abnormal, note: "damp"), at: now)
            _ = try app.answer(Answer(round: round, item: 6, status: .normal, reading: 1_080), at: now)
            try app.skipCheckpoints([1, 3, 4], of: round, at: now)
            return round
        }

        let detail = try await phone.app.perform { try $0.round(round: round, reading: $1) }
        XCTAssertEqual(detail.open, 0)
        XCTAssertEqual(try detail.checkpoints.only { $0.number == 1 }.skipped, "flooded")
        let voltage = try detail.checkpoints.only { $0.number == 2 }.items.only { $0.number == 6 }
        XCTAssertEqual(voltage.unit, "kV")
        XCTAssertEqual(voltage.decimals, 2)
        XCTAssertEqual([voltage.lowAlarm, voltage.lowWarn, voltage.highWarn, voltage.highAlarm], [900, 930, 1_070, 1_100])
        XCTAssertEqual(voltage.reading, 1_080)
        XCTAssertEqual(voltage.verdict, .warning)

        try await phone.app.perform { app, now in
            let shown = try app.roundText(round: round, reading: now)
            func sign(_ digest: String) throws -> Saved {
                try app.signRound(
                    draft: app.newDraft(), round: round, digest: digest, shownAtMs: shown.shownAtMs, reading: now)
            }
            try assertRefused(.rejected("shown_text_changed")) { try sign(String(repeating: "0", count: 64)) }
            _ = try sign(shown.digest)
            try assertRefused(.rejected("already_signed")) { try sign(shown.digest) }
            XCTAssertEqual(try app.round(round: round, reading: now).signers, [Staff.liu.name])
            let row = try app.rounds(cursor: nil, limit: 10).rows.only()
            XCTAssertEqual(row.state, .signed)
            XCTAssertEqual([row.answered, row.flagged], [3, 1])
            let late = Answer(round: round, item: 4, status: .normal)
            try assertRefused(.rejected("round_signed")) { try app.answer(late, at: now) }
        }
    }

    func testAWholeRoundIsLeftOutBegunOrNot() async throws {
        let phone = try await enrolledPhone("phone", .liu)
        try await phone.signIn(.liu)
        try await phone.app.perform { app, now in
            func skip(_ round: SkippedRound) throws -> Saved {
                try app.skipRound(draft: app.newDraft(), round: round, reason: "storm", reading: now)
            }
            let begun = try app.startDailyRound(at: now)
            _ = try skip(.begun(round: begun))
            XCTAssertEqual(try app.round(round: begun, reading: now).state, .skipped)
            let answer = Answer(round: begun, item: 1, status: .normal)
            try assertRefused(.rejected("round_skipped")) { try app.answer(answer, at: now) }

            let planned = try XCTUnwrap(app.plannedRounds(reading: now).first)
            _ = try skip(.planned(plan: planned.plan, startsMs: planned.startsMs, endsMs: planned.endsMs))
            XCTAssertEqual(try app.plannedRounds(reading: now).first?.status, .skipped)
            let other = RoundTask.planned(plan: planned.plan, startsMs: planned.startsMs + 1, endsMs: planned.endsMs)
            try assertRefused(.rejected("no_such_window")) {
                try app.startRound(draft: app.newDraft(), task: other, reading: now)
            }
        }
    }

    func testWhatAChecklistDoesNotAskIsRefusedWithAReason() async throws {
        let phone = try await enrolledPhone("phone", .liu)
        try await phone.signIn(.liu)
        try await phone.app.perform { app, now in
            let round = try app.startDailyRound(at: now)
            let unfit = [
                ("no_such_item", Answer(round: round, item: 99, status: .normal)),
                ("reading_missing", Answer(round: round, item: 2, status: .normal)),
                ("reading_not_asked", Answer(round: round, item: 1, status: .normal, reading: 5)),
                ("text_too_long", Answer(round: round, item: 1, status: .normal, note: String(repeating: "x", count: 17_000))),
            ]
            for (why, answer) in unfit {
                try assertRefused(.rejected(why)) { try app.answer(answer, at: now) }
            }
            let elsewhere = Proof(presence: .nfc, evidence: "QSL-E1")
            try assertRefused(.rejected("wrong_tag")) {
                try app.reachCheckpoint(draft: app.newDraft(), round: round, checkpoint: 1, proof: elsewhere, reading: now)
            }
            func restNormal(_ checkpoint: UInt32) throws -> Saved {
                try app.restNormal(draft: app.newDraft(), round: round, checkpoint: checkpoint, reading: now)
            }
            try assertRefused(.rejected("no_such_checkpoint")) { try restNormal(9) }
            _ = try restNormal(2)
            try assertRefused(.rejected("nothing_left_normal")) { try restNormal(2) }
            try assertRefused(.rejected("not_here")) {
                try app.round(round: "0123456789abcdef0123456789abcdef", reading: now)
            }
            let voltage = Answer(round: round, item: 3, status: .normal, reading: 455)
            XCTAssertEqual(try app.judgeAnswer(answer: voltage, reading: now), .normal)
            let stranger = Answer(round: "a round", item: 3, status: .normal)
            try assertRefused(.badArgument("answer.round")) { try app.judgeAnswer(answer: stranger, reading: now) }
        }
    }
}

private extension Logbook {
    func answer(_ answer: Answer, at now: Reading) throws -> Saved {
        try answerItem(draft: newDraft(), answer: answer, reading: now)
    }
}
