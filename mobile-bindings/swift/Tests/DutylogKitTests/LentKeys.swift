import DutylogKit
import Foundation

/// A key store of the host's own. It passes everything on, after `before`, unless there is `trouble` with a key of that name.
final class LentKeys: KeyStore, @unchecked Sendable {
    typealias Failing = @Sendable (_ name: String) -> (any Error)?

    private let keys: any KeyStore
    private let lock = NSLock()
    private var doneBefore: @Sendable () -> Void = {}
    private var thrown: Failing = { _ in nil }

    init(_ keys: any KeyStore) {
        self.keys = keys
    }

    var before: @Sendable () -> Void {
        get { lock.withLock { doneBefore } }
        set { lock.withLock { doneBefore = newValue } }
    }

    var trouble: Failing {
        get { lock.withLock { thrown } }
        set { lock.withLock { thrown = newValue } }
    }

    /// The same trouble with every key, or none.
    func fail(with error: (any Error)?) {
        trouble = { _ in error }
    }

    func create(name: String, guard: Data?) throws -> Data {
        try passed(name) { try keys.create(name: name, guard: `guard`) }
    }

    func sign(name: String, guard: Data?, content: Data) throws -> Data {
        try passed(name) { try keys.sign(name: name, guard: `guard`, content: content) }
    }

    func mac(name: String, content: Data) throws -> Data {
        try passed(name) { try keys.mac(name: name, content: content) }
    }

    func delete(name: String) throws {
        try passed(name) { try keys.delete(name: name) }
    }

    private func passed<Success>(_ name: String, _ call: () throws -> Success) throws -> Success {
        before()
        if let error = trouble(name) { throw error }
        return try call()
    }
}
