import DutylogKit

/// What tests ask for again and again.
extension Logbook {
    func runningShift(at now: Reading) throws -> Shift {
        let row = try shifts(reading: now).only(where: \.running)
        return Shift(date: row.date, key: row.key)
    }

    func person(_ person: Staff, at now: Reading) throws -> PersonRow {
        try people(reading: now).only { $0.staffNumber == person.number }
    }

    func post(_ name: String, at now: Reading) throws -> String {
        try posts(reading: now).only { $0.name == name }.id
    }

    /// Starts a round that nobody planned.
    func startDailyRound(at now: Reading) throws -> String {
        let daily = try checklists().only { $0.name == "daily checklist" }
        return try startRound(draft: newDraft(), task: .checklist(checklist: daily.id), reading: now).record
    }

    func skipCheckpoints(_ numbers: [UInt32], of round: String, at now: Reading) throws {
        for checkpoint in numbers {
            _ = try skipCheckpoint(draft: newDraft(), round: round, checkpoint: checkpoint, reason: "flooded", reading: now)
        }
    }

    /// Signs what is shown now.
    func signRound(_ round: String, at now: Reading) throws {
        let shown = try roundText(round: round, reading: now)
        _ = try signRound(draft: newDraft(), round: round, digest: shown.digest, shownAtMs: shown.shownAtMs, reading: now)
    }

    /// Raises an incident of which nothing but its kind is known, and perhaps what it is.
    @discardableResult
    func raise(_ nature: String? = nil, at now: Reading) throws -> String {
        let incident = NewIncident(kind: .water, intake: IncidentIntake(nature: nature))
        return try raiseIncident(draft: newDraft(), incident: incident, reading: now).record
    }
}

extension Sequence {
    /// The one element of which this is true.
    func only(
        file: StaticString = #filePath, line: UInt = #line, where isMeant: (Element) throws -> Bool = { _ in true }
    ) throws -> Element {
        let found = try filter(isMeant)
        guard found.count == 1 else { throw Trouble("\(found.count) instead of one (\(file):\(line))") }
        return found[0]
    }
}
