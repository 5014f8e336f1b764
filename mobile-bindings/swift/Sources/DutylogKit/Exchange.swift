import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One request on its way: ends once, whoever is first to end it.
final class Exchange: @unchecked Sendable {
    private let task: URLSessionTask
    private let lock = NSLock()
    private var body = Data()
    private var ending: Result<HttpResponse, Error>?
    private var waiting: CheckedContinuation<HttpResponse, Error>?

    init(_ task: URLSessionTask) {
        self.task = task
    }

    /// Sends it, and waits for its end.
    func response() async throws -> HttpResponse {
        try await withCheckedThrowingContinuation { continuation in
            let ended = lock.withLock {
                if ending == nil { waiting = continuation }
                return ending
            }
            if let ended {
                continuation.resume(with: ended)
            } else {
                task.resume()
            }
        }
    }

    func cancel() {
        end(.failure(CancellationError()))
        task.cancel()
    }

    func receive(_ data: Data) {
        lock.withLock { body.append(data) }
    }

    /// The transfer is over.
    func complete(_ error: Error?) {
        if let error {
            end(.failure(HttpFailure(error)))
        } else if let answer = task.response as? HTTPURLResponse {
            end(.success(HttpResponse(answer, lock.withLock { body })))
        } else {
            end(.failure(HttpFailure.noConnection))
        }
    }

    private func end(_ result: Result<HttpResponse, Error>) {
        let waiting = lock.withLock {
            if ending == nil { ending = result }
            defer { self.waiting = nil }
            return self.waiting
        }
        waiting?.resume(with: result)
    }
}

extension HttpFailure {
    /// What is broken may go through in smaller pieces; what never was connected will not.
    init(_ error: Error) {
        switch (error as? URLError)?.code {
        case .timedOut, .networkConnectionLost: self = .interrupted
        default: self = .noConnection
        }
    }
}

extension HttpResponse {
    init(_ answer: HTTPURLResponse, _ body: Data) {
        let headers = answer.allHeaderFields.map { HttpHeader(name: "\($0.key)", value: "\($0.value)") }
        self.init(status: UInt16(clamping: answer.statusCode), headers: headers, body: body)
    }
}
