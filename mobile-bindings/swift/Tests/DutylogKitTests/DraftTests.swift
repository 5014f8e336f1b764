import DutylogKit
import XCTest

/// What people have typed and not saved yet.
final class DraftTests: SiteTest {
    func testADraftBelongsToItsAuthorAndEndsAsItIsSaved() async throws {
        let phone = try await enrolledPhone("phone", .zhang, .liu)
        try await phone.signIn(.zhang)
        let (comment, incident) = try await phone.app.perform { app, now in
            let (comment, incident) = (try app.newDraft(), try app.newDraft())
            try app.saveDraft(draft: comment, kind: .comment, content: #"{"text": "half a sen"}"#, reading: now)
            try app.saveDraft(draft: incident, kind: .incident, content: "水", reading: now)
            XCTAssertEqual(Set(try app.drafts().map(\.id)), [comment, incident])
            XCTAssertEqual(try app.drafts().only { $0.kind == .incident }.content, "水")
            return (comment, incident)
        }

        try await phone.signIn(.liu)
        try await phone.app.perform { app, now in
            let shut = try app.drafts().only { $0.id == comment }
            XCTAssertNil(shut.content)
            XCTAssertEqual(shut.authorName, Staff.zhang.name)
            try assertRefused(.signIn("others_draft")) {
                try app.saveDraft(draft: comment, kind: .comment, content: "mine", reading: now)
            }
            try assertRefused(.signIn("others_draft")) { try app.discardDraft(draft: comment) }
        }

        try await phone.signIn(.zhang)
        try await phone.app.perform { app, now in
            let water = NewIncident(kind: .water, intake: IncidentIntake())
            _ = try app.raiseIncident(draft: incident, incident: water, reading: now)
            try app.discardDraft(draft: comment)
            XCTAssertEqual(try app.drafts(), [])
        }
    }

    func testWhatIsNoDraftIsRefused() async throws {
        let phone = try await enrolledPhone("phone", .zhang)
        try await phone.signIn(.zhang)
        try await phone.app.perform { app, now in
            let long = String(repeating: "x", count: 256 * 1024 + 1)
            try assertRefused(.badArgument("content")) {
                try app.saveDraft(draft: app.newDraft(), kind: .comment, content: long, reading: now)
            }
            try assertRefused(.badArgument("draft")) { try app.discardDraft(draft: "a draft") }
        }
    }
}
