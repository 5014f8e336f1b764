import DutylogKit
import XCTest

/// Files that carry records from phone to phone, and the files of the logbook itself.
final class FileTests: SiteTest {
    func testAFileCarriesWhatTheOtherPhoneLacksOrIsRefusedWhole() async throws {
        let (giver, taker) = (try await enrolledPhone("giver"), try await enrolledPhone("taker"))
        let record = try await giver.raise()
        let (file, cut) = (folder.appendingPathComponent("a file"), folder.appendingPathComponent("cut"))
        let heads = try await taker.app.perform { try $0.heads() }
        let count = try await giver.app.perform { try $0.exportTo(path: file.path, heads: heads) }
        let bytes = try Data(contentsOf: file)
        XCTAssertEqual(UInt64(bytes.count), count)
        try bytes.dropLast().write(to: cut)
        try await taker.app.perform { app in
            try assertRefused(.exchange("bundle_unreadable")) { try app.importFrom(path: cut.path) }
            XCTAssertEqual(try app.incidents(cursor: nil, limit: 10).rows, [])
            XCTAssertGreaterThan(try app.importFrom(path: file.path).stored, 0)
            XCTAssertGreaterThan(try app.importFrom(path: file.path).held, 0)
            XCTAssertEqual(try app.incidents(cursor: nil, limit: 10).rows.map(\.id), [record])
        }
    }

    func testAFileThatCannotBeWrittenIsTold() async throws {
        let phone = try await enrolledPhone("phone")
        let occupied = folder.appendingPathComponent("occupied")
        try FileManager.default.createDirectory(at: occupied, withIntermediateDirectories: false)
        try await phone.app.perform { app in
            let failed = try assertRefused(.storage("file_failed")) { try app.exportTo(path: occupied.path, heads: nil) }
            XCTAssertTrue(failed.retryable)
            try assertRefused(.badArgument("heads")) { try app.exportTo(path: occupied.path, heads: "heads") }
        }
    }

    func testWhatBelongsToAnotherSiteIsRefused() async throws {
        let (phone, stranger) = (try await enrolledPhone("phone"), try makePhone("stranger"))
        let another = try Server(in: folder.appendingPathComponent("another"))
        try await stranger.enrol(another.phoneCode())
        withExtendedLifetime(another) {}   // until here it had to answer
        try await stranger.raise()
        let file = folder.appendingPathComponent("from another site")
        _ = try await stranger.app.perform { try $0.exportTo(path: file.path, heads: nil) }
        try await assertRefused(.exchange("bundle_elsewhere")) {
            try await phone.app.perform { try $0.importFrom(path: file.path) }
        }

        // Its database in the place of this phone's.
        for phone in [phone, stranger] { try await phone.app.perform { try $0.shutdown() } }
        try FileManager.default.removeItem(at: phone.database)
        try FileManager.default.copyItem(at: stranger.database, to: phone.database)
        try await assertRefused(.storage("storage_elsewhere")) { try await phone.open() }
    }

    func testALogbookIsOpenOnce() async throws {
        let phone = try await enrolledPhone("phone")
        let twice = try assertRefused(.storage("storage_in_use")) {
            try Logbook.open(options: phone.options(), keyStore: phone.keys, reading: phone.clock.reading())
        }
        XCTAssertTrue(twice.retryable)
    }

    func testFilesOfANewerVersionAreTold() async throws {
        let phone = try await enrolledPhone("phone")
        try await phone.app.perform { try $0.shutdown() }
        let whole = try Data(contentsOf: phone.database)
        // The version stands in the header of an SQLite file, bytes 60 to 63.
        var newer = whole
        newer[62] = 99
        try newer.write(to: phone.database)
        try await assertRefused(.storage("storage_newer")) { try await phone.open() }
        try whole.write(to: phone.database)
        try await phone.open()
        let nobody = try await phone.app.perform { try $0.signedIn() }
        XCTAssertNil(nobody)
    }
}

private extension Phone {
    var database: URL { folder.appendingPathComponent("logbook/log.db") }
}
