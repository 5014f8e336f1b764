import Foundation
import XCTest

/// A real server with a data folder of its own. `DUTYLOG_SERVER` names its program.
final class Server {
    static let site = "qingshiling"

    let address: String
    private let program: URL
    private let data: URL
    private let process: Process

    init(in folder: URL) throws {
        guard let named = ProcessInfo.processInfo.environment["DUTYLOG_SERVER"] else {
            throw Trouble("DUTYLOG_SERVER has to name the server's program (cargo build -p dutylog-server)")
        }
        (program, data) = (URL(fileURLWithPath: named), folder)
        try Self.run(program, ["--data-dir", data.path, "admin", "apply", Self.plan.path])
        process = Process()
        process.executableURL = program
        process.arguments = ["--data-dir", data.path, "--listen", "127.0.0.1:0", "serve"]
        process.environment = [:]
        process.standardError = FileHandle.nullDevice
        let said = Pipe()
        process.standardOutput = said
        try process.run()
        address = try Self.address(from: said.fileHandleForReading)
    }

    deinit {
        // It has nothing to lose. (A gentler signal may be blocked: a process inherits what the thread that starts it blocks.)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// What the QR code of a new phone says.
    func phoneCode() throws -> String {
        let said = try run("--listen", address, "enrol", "phone", "--site", Self.site)
        return try XCTUnwrap(said.split(separator: "\n").map(String.init).first { $0.hasPrefix("DUTYLOG1:") })
    }

    /// The code with which a person is enrolled on a phone.
    func personCode(_ staffNumber: String) throws -> String {
        let said = try run("enrol", "person", "--site", Self.site, "--person", staffNumber)
        let line = try XCTUnwrap(said.split(separator: "\n").first)
        return try XCTUnwrap(line.components(separatedBy: ": ").last)
    }

    private func run(_ arguments: String...) throws -> String {
        try Self.run(program, ["--data-dir", data.path] + arguments)
    }

    /// The site that tests of every language begin with; `DUTYLOG_SITE_PLAN` names it where the package lies elsewhere.
    private static var plan: URL {
        if let named = ProcessInfo.processInfo.environment["DUTYLOG_SITE_PLAN"] { return URL(fileURLWithPath: named) }
        let workspace = (0..<5).reduce(URL(fileURLWithPath: #filePath)) { path, _ in path.deletingLastPathComponent() }
        return workspace.appendingPathComponent("core/tests/fixtures/site.json")
    }

    @discardableResult
    private static func run(_ program: URL, _ arguments: [String]) throws -> String {
        let (process, said) = (Process(), Pipe())
        process.executableURL = program
        process.arguments = arguments
        process.environment = [:]
        process.standardOutput = said
        try process.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Trouble("\(arguments): \(text)") }
        return text
    }

    /// It says where it listens once it does.
    private static func address(from output: FileHandle) throws -> String {
        var text = ""
        while true {
            let more = output.availableData
            guard !more.isEmpty else { throw Trouble("the server ended: \(text)") }
            text += String(decoding: more, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.contains("http://") }) {
                return line.components(separatedBy: "http://")[1].trimmingCharacters(in: .whitespaces)
            }
        }
    }
}

struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A folder that is gone after the test.
func temporaryFolder(_ test: XCTestCase) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dutylog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    test.addTeardownBlock { try FileManager.default.removeItem(at: folder) }
    return folder
}
