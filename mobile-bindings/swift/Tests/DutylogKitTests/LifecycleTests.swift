import DutylogKit
import XCTest

/// Pausing, closing, and going on after a key was lost.
final class LifecycleTests: SiteTest {
    func testPausedItAnswersNothingAndResumedTheSamePersonIsSignedIn() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        try await phone.signIn(.zhang)
        try await phone.app.perform { app in
            try app.pause()
            try app.pause()
            let paused = try assertRefused(.paused("paused")) { try app.outbox() }
            XCTAssertTrue(paused.retryable)
        }
        // Another opening of the same files succeeds: they were given up.
        try Logbook.open(options: phone.options(), keyStore: phone.keys, reading: phone.clock.reading()).shutdown()
        try await phone.app.perform { app, now in
            try app.resume()
            try app.resume()
            XCTAssertEqual(try app.signedIn(), try app.person(.zhang, at: now).id)
            try app.upkeep()
        }
    }

    func testAfterItsEndEveryCallSaysSo() async throws {
        let phone = try await enrolledPhone("phone")
        try await phone.app.perform { app in
            try app.shutdown()
            try app.shutdown()
            let closed = try assertRefused(.paused("closed")) { try app.outbox() }
            XCTAssertFalse(closed.retryable)
        }
    }

    func testAPhoneWhoseKeyWasRefusedWhileSealingStartsANewChainAndKeepsEveryRecord() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        try await phone.signIn(.zhang)
        try await phone.raise()
        phone.keys.fail(with: KeyStoreError.NotFound)
        _ = try await phone.app.perform { try $0.beginSync() }
        phone.keys.fail(with: nil)
        let frozen = try await assertRefused(.storage("chain_closed")) { try await phone.raise() }
        XCTAssertFalse(frozen.retryable)
        try await phone.app.perform { app in
            try app.startChain()
            XCTAssertNil(try app.signedIn(), "whoever was signed in has to sign in again")
        }
        try await phone.signIn(.zhang)
        try await phone.raise()
        try await phone.deliver()
        try await phone.app.perform { app in
            XCTAssertEqual(try app.incidents(cursor: nil, limit: 10).rows.count, 2)
            XCTAssertEqual(try app.outbox().entries, 0)
        }
    }

    func testAPhoneThatLostItsKeysIsEnrolledAgainAndPassesOverNothing() async throws {
        let before = try await enrolledPhone("phone", .liu)
        try await before.signIn(.liu)
        // The key is lost between two moments: the person has signed, and the phone cannot seal it.
        let keys = before.keys
        let round = try await before.app.perform { app, now in
            let round = try app.startDailyRound(at: now)
            try app.skipCheckpoints([1, 2, 3, 4], of: round, at: now)
            keys.trouble = { $0.hasPrefix("device/") ? KeyStoreError.NotFound : nil }
            try app.signRound(round, at: now)
            try app.shutdown()
            return round
        }
        try FileManager.default.removeItem(at: before.folder.appendingPathComponent("keys"))

        let phone = try await enrolledPhone("phone", .liu)
        try await phone.app.perform { app in
            let waiting = try app.stranded()
            XCTAssertGreaterThan(waiting.count, 1, "everything waits for its author")
            let unsigned = try XCTUnwrap(waiting.first { !$0.redo }).entry
            try assertRefused(.rejected("not_to_redo")) { try app.doneAgain(entry: unsigned) }
            XCTAssertEqual(try app.stranded(), waiting, "nothing is struck off that would come back by itself")
        }
        try await phone.signIn(.liu)
        try await phone.app.perform { app, now in
            // The rest was recorded again by itself; nobody signs for another.
            let signature = try app.stranded().only()
            XCTAssertTrue(signature.redo && signature.authorName == Staff.liu.name && signature.record == round)
            try app.signRound(round, at: now)
            try app.doneAgain(entry: signature.entry)
            XCTAssertEqual(try app.stranded(), [])
        }
        try await phone.deliver()
        let state = try await phone.app.perform { try $0.round(round: round, reading: $1).state }
        XCTAssertEqual(state, .signed)
    }
}
