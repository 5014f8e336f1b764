import DutylogKit
import XCTest

/// A test with a server and a phone that is enrolled there; nobody is signed in.
class EnrolledPhone: XCTestCase {
    private(set) var server: Server!
    private(set) var phone: Phone!

    override func setUp() async throws {
        let folder = try temporaryFolder(self)
        server = try Server(in: folder.appendingPathComponent("server"))
        phone = try Phone(in: folder.appendingPathComponent("phone"))
        try await enrol()
    }

    override func tearDown() async throws {
        (phone, server) = (nil, nil)
    }

    /// Enrols the phone; a test may do something in between.
    func enrol() async throws {
        try await phone.enrol(server.phoneCode())
        let report = try await phone.synchronize()
        XCTAssertEqual(report.delivered, .all, "\(report)")
    }
}

/// What a call throws; the test fails if it throws nothing, or something else.
func refused<Success>(
    _ call: () async throws -> Success, file: StaticString = #filePath, line: UInt = #line
) async throws -> DutylogError {
    do {
        let done = try await call()
        throw Trouble("it was not refused: \(done) (\(file):\(line))")
    } catch let error as DutylogError {
        XCTAssertFalse(error.code.isEmpty || error.sentence.isEmpty || error.whatToDo.isEmpty, "\(error)", file: file, line: line)
        return error
    }
}
