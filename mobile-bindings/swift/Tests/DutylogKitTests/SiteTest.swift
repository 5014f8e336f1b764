import DutylogKit
import XCTest

/// A test with a site of its own: a server, and phones that are enrolled there.
class SiteTest: XCTestCase {
    private(set) var folder: URL!
    private(set) var server: Server!

    override func setUp() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("dutylog-\(UUID().uuidString)")
        server = try Server(in: folder.appendingPathComponent("server"))
    }

    override func tearDown() async throws {
        server = nil
        try FileManager.default.removeItem(at: folder)
    }

    /// A phone that was never enrolled.
    func makePhone(_ name: String, language: Language = .english) throws -> Phone {
        let folder = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try Phone(in: folder, language: language)
    }

    /// A phone that knows the site and where these people can sign in.
    func enrolledPhone(_ name: String, _ people: Staff..., language: Language = .english) async throws -> Phone {
        let phone = try makePhone(name, language: language)
        try await phone.enrol(server.phoneCode(), label: name)
        try await phone.deliver()
        for person in people {
            try await phone.enrolPerson(person.number, server.personCode(person.number), pin: Phone.pin)
        }
        // What they may do arrives with what they are.
        if !people.isEmpty { try await phone.deliver() }
        return phone
    }
}

/// Who works at the site.
struct Staff: Sendable {
    let name: String
    let number: String

    /// A duty lead.
    static let zhang = Staff(name: "张伟", number: "Q001")
    /// The other duty lead.
    static let li = Staff(name: "李娜", number: "Q002")
    /// Walks rounds, and operates what is technical.
    static let wang = Staff(name: "王强", number: "Q003")
    /// Walks rounds.
    static let liu = Staff(name: "刘洋", number: "Q004")
}
