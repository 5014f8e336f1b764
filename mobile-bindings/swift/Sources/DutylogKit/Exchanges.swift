import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The requests of a session that are on their way, and what the session tells of them.
final class Exchanges: NSObject, @unchecked Sendable {
    private let lock = NSLock()
    private var ongoing: [Int: Exchange] = [:]
    private var toldAll: (@Sendable () -> Void)?

    /// Notes a request that is about to be sent, and the file it is sent from, which is removed in the end.
    func begin(_ task: URLSessionTask, sending file: URL? = nil) -> Exchange {
        let exchange = Exchange(task)
        task.taskDescription = file?.path
        lock.withLock { ongoing[task.taskIdentifier] = exchange }
        return exchange
    }

    func whenToldAll(_ handler: @escaping @Sendable () -> Void) {
        lock.withLock { toldAll = handler }
    }

    /// None for a request of the app's earlier life: nobody waits for it, and the next conversation asks again.
    private func exchange(of task: URLSessionTask) -> Exchange? {
        lock.withLock { ongoing[task.taskIdentifier] }
    }
}

extension Exchanges: URLSessionDataDelegate, URLSessionDownloadDelegate {
    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        exchange(of: dataTask)?.receive(data)
    }

    func urlSession(_ session: URLSession, downloadTask: URLSessionDownloadTask, didFinishDownloadingTo location: URL) {
        guard let exchange = exchange(of: downloadTask) else { return }
        do {
            exchange.receive(try Data(contentsOf: location))
        } catch {
            exchange.complete(error)
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: Error?) {
        if let file = task.taskDescription {
            // In the system's temporary folder: what cannot be removed now, the system removes.
            try? FileManager.default.removeItem(atPath: file)
        }
        let exchange = lock.withLock { ongoing.removeValue(forKey: task.taskIdentifier) }
        exchange?.complete(error)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(task.originalRequest?.url?.origin == request.url?.origin ? request : nil)
    }

    #if canImport(Darwin)
    func urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {
        let handler = lock.withLock {
            defer { toldAll = nil }
            return toldAll
        }
        // It touches the app's user interface.
        if let handler { DispatchQueue.main.async(execute: handler) }
    }
    #endif
}

extension URL {
    /// The server it leads to.
    var origin: [String?] {
        [scheme, host, port.map(String.init)]
    }
}
