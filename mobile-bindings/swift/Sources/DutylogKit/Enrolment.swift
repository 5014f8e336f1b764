extension LogbookActor {
    /// Makes this phone one of a site with the text of the QR code an administrator shows, and opens its logbook.
    ///
    /// After `HttpFailure`, and after a kill, `resumeEnrolment` goes on: the code is good for one enrolment.
    public static func enrol(
        options: Options, keyStore: any KeyStore, qrText: String, label: String,
        over carrier: some HTTPCarrier, clock: any PhoneClock = SystemClock()
    ) async throws -> LogbookActor {
        let executor = QueueExecutor()
        let enrolling = try await executor.run {
            let reading = clock.reading()
            return try Enrolling.begin(options: options, keyStore: keyStore, qrText: qrText, label: label, reading: reading)
        }
        return try await finish(enrolling, over: carrier, clock, executor)
    }

    /// Goes on with an enrolment that was begun and has no answer yet; none if there is none.
    public static func resumeEnrolment(
        options: Options, keyStore: any KeyStore, over carrier: some HTTPCarrier, clock: any PhoneClock = SystemClock()
    ) async throws -> LogbookActor? {
        let executor = QueueExecutor()
        let pending = try await executor.run {
            try pendingEnrolment(options: options, keyStore: keyStore, reading: clock.reading())
        }
        guard let pending else { return nil }
        return try await finish(pending, over: carrier, clock, executor)
    }

    private static func finish(
        _ enrolling: Enrolling, over carrier: some HTTPCarrier, _ clock: any PhoneClock, _ executor: QueueExecutor
    ) async throws -> LogbookActor {
        let response = try await carrier.send(enrolling.request())
        let logbook = try await executor.run { try enrolling.finish(response: response) }
        return LogbookActor(logbook, clock, executor)
    }

    /// Enrols a person on this phone with the code from headquarters and the PIN they chose.
    ///
    /// After `HttpFailure`, and after a kill, `resumePerson` goes on.
    public func enrolPerson(staffNumber: String, code: String, pin: String, over carrier: some HTTPCarrier) async throws {
        try await finish(logbook.enrolPerson(staffNumber: staffNumber, code: code, pin: pin), over: carrier)
    }

    /// Goes on with the enrolment of a person that was begun and has no answer yet; does nothing if there is none.
    public func resumePerson(over carrier: some HTTPCarrier) async throws {
        guard let pending = try logbook.pendingPerson() else { return }
        try await finish(pending, over: carrier)
    }

    private func finish(_ first: HttpRequest, over carrier: some HTTPCarrier) async throws {
        var request: HttpRequest? = first
        while let asked = request {
            request = try logbook.personEnrolled(response: try await carrier.send(asked))
        }
    }
}
