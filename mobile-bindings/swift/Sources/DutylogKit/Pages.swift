/// A page of a list, as the logbook gives it.
public protocol Page: Sendable {
    associatedtype Row: Sendable
    /// Its rows, newest first.
    var rows: [Row] { get }
    /// Where the next page begins; none after the last.
    var next: String? { get }
}

extension IncidentPage: Page {}
extension RoundPage: Page {}
extension HandoverPage: Page {}

/// A list, page by page. A page is asked for when it is waited for, and not before.
///
/// ```swift
/// for try await rows in logbook.incidents(pageSize: 50) { show(rows) }
/// ```
public struct Pages<Content: Page>: AsyncSequence, Sendable {
    public typealias Element = [Content.Row]

    let logbook: LogbookActor
    let page: @Sendable (Logbook, _ cursor: String?) throws -> Content

    public func makeAsyncIterator() -> Iterator {
        Iterator(pages: self)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let pages: Pages
        private var cursor: String?
        private var ended = false

        init(pages: Pages) {
            self.pages = pages
        }

        /// The rows of the next page; none after the last.
        public mutating func next() async throws -> [Content.Row]? {
            if ended { return nil }
            try Task.checkCancellation()
            let (page, cursor) = (pages.page, cursor)
            let content = try await pages.logbook.perform { try page($0, cursor) }
            (self.cursor, ended) = (content.next, content.next == nil)
            return content.rows
        }
    }
}

extension LogbookActor {
    /// The incidents, the newest first, in pages of at most `pageSize` rows (1 to 200).
    public nonisolated func incidents(pageSize: UInt32 = 50) -> Pages<IncidentPage> {
        Pages(logbook: self) { try $0.incidents(cursor: $1, limit: pageSize) }
    }

    /// The rounds, the newest first, in pages of at most `pageSize` rows (1 to 200).
    public nonisolated func rounds(pageSize: UInt32 = 50) -> Pages<RoundPage> {
        Pages(logbook: self) { try $0.rounds(cursor: $1, limit: pageSize) }
    }

    /// The handovers, the newest first, in pages of at most `pageSize` rows (1 to 200).
    public nonisolated func handovers(pageSize: UInt32 = 50) -> Pages<HandoverPage> {
        Pages(logbook: self) { try $0.handovers(cursor: $1, limit: pageSize) }
    }
}
