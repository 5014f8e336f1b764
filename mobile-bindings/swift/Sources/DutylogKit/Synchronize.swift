/// Carries requests to the server and answers back.
public protocol HTTPCarrier: Sendable {
    /// Sends a request exactly as it is and gives the answer, whatever its status. Redirects to other hosts are not followed.
    ///
    /// Throws `HttpFailure` if no answer came, `CancellationError` if the task was cancelled.
    func send(_ request: HttpRequest) async throws -> HttpResponse
}

extension HttpFailure: Error {}

extension LogbookActor {
    /// One conversation with the server, from its beginning to its end.
    ///
    /// A server that is out of reach is no error: the report says that not everything is across, and why. Each step is on the disk before
    /// the next is taken, so the task may be cancelled, and the app killed, at any moment: the next conversation goes on from there.
    ///
    /// Throws what the logbook throws, `CancellationError`, and what the carrier throws besides `HttpFailure`.
    public func synchronize(over carrier: some HTTPCarrier) async throws -> SyncReport {
        let run = try logbook.beginSync()
        while true {
            switch try run.next(reading: clock.reading()) {
            case .http(let request):
                do {
                    let response = try await carrier.send(request)
                    run.onResponse(id: request.id, response: response, reading: clock.reading())
                } catch let failure as HttpFailure {
                    run.onFailure(id: request.id, failure: failure)
                }
            case .wait(let milliseconds):
                try await clock.wait(milliseconds: milliseconds)
            case .done(let report):
                return report
            }
            try Task.checkCancellation()
        }
    }
}
