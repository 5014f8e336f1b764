import XCTest

/// A test with a server and a phone that is enrolled there; nobody is signed in.
class EnrolledPhone: SiteTest {
    private(set) var phone: Phone!

    override func setUp() async throws {
        try await super.setUp()
        phone = try await enrolledPhone("phone")
    }

    override func tearDown() async throws {
        phone = nil
        try await super.tearDown()
    }
}
