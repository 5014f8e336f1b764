import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Carries requests by a `URLSession`.
///
/// In the foreground an answer may take a minute, and redirects are followed to the same server only. In the background (iOS) the system
/// carries on while the app sleeps or is gone, takes the time it likes, and follows redirects wherever they lead; that is harmless to the
/// logbook, which believes signatures and not addresses.
public final class URLSessionCarrier: HTTPCarrier {
    private let session: URLSession
    private let exchanges: Exchanges
    /// Background sessions send files only.
    private let fromFiles: Bool

    /// For an app in the foreground.
    public convenience init() {
        self.init(configuration: .ephemeral, fromFiles: false)
    }

    #if canImport(Darwin)
    /// For an app that may go to sleep meanwhile. One carrier for each identifier, made when the app starts and kept.
    public convenience init(backgroundIdentifier: String) {
        let configuration = URLSessionConfiguration.background(withIdentifier: backgroundIdentifier)
        configuration.sessionSendsLaunchEvents = true
        self.init(configuration: configuration, fromFiles: true)
    }

    /// To be called from `application(_:handleEventsForBackgroundURLSession:completionHandler:)`, whose handler the system wants back
    /// when everything was told.
    public func handleEvents(completionHandler: @escaping @Sendable () -> Void) {
        exchanges.whenToldAll(completionHandler)
    }
    #endif

    init(configuration: URLSessionConfiguration, fromFiles: Bool) {
        configuration.timeoutIntervalForRequest = 60
        if !fromFiles { configuration.timeoutIntervalForResource = 60 }
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.httpShouldSetCookies = false
        exchanges = Exchanges()
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
        self.fromFiles = fromFiles
    }

    deinit {
        // A session keeps its delegate until then.
        session.finishTasksAndInvalidate()
    }

    public func send(_ request: HttpRequest) async throws -> HttpResponse {
        guard let url = URL(string: request.url) else { throw HttpFailure.noConnection }
        var asked = URLRequest(url: url)
        asked.httpMethod = request.method
        for header in request.headers {
            asked.setValue(header.value, forHTTPHeaderField: header.name)
        }
        let exchange = try exchange(asked, body: request.method == "GET" ? nil : request.body)
        return try await withTaskCancellationHandler {
            try await exchange.response()
        } onCancel: {
            exchange.cancel()
        }
    }

    private func exchange(_ request: URLRequest, body: Data?) throws -> Exchange {
        guard let body else {
            return exchanges.begin(fromFiles ? session.downloadTask(with: request) : session.dataTask(with: request))
        }
        guard fromFiles else {
            return exchanges.begin(session.uploadTask(with: request, from: body))
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("dutylog-\(UUID().uuidString)")
        try body.write(to: file, options: .atomic)
        return exchanges.begin(session.uploadTask(with: request, fromFile: file), sending: file)
    }
}
