package org.dutylog

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * All incidents of this phone, the newest first, page by page; a page is fetched when the one before has been taken.
 *
 * @param limit rows in a page, 1 to 200.
 */
public fun LogbookInterface.incidentPages(limit: UInt = 50u): Flow<IncidentPage> =
    pages(IncidentPage::next) { cursor -> incidents(cursor, limit) }

/**
 * All rounds of this phone, the newest first, page by page; a page is fetched when the one before has been taken.
 *
 * @param limit rows in a page, 1 to 200.
 */
public fun LogbookInterface.roundPages(limit: UInt = 50u): Flow<RoundPage> =
    pages(RoundPage::next) { cursor -> rounds(cursor, limit) }

/**
 * All handovers of this phone, the newest first, page by page; a page is fetched when the one before has been taken.
 *
 * @param limit rows in a page, 1 to 200.
 */
public fun LogbookInterface.handoverPages(limit: UInt = 50u): Flow<HandoverPage> =
    pages(HandoverPage::next) { cursor -> handovers(cursor, limit) }

private fun <P> LogbookInterface.pages(next: (P) -> String?, page: LogbookInterface.(String?) -> P): Flow<P> = flow {
    var cursor: String? = null
    do {
        val fetched = io { page(cursor) }
        emit(fetched)
        cursor = next(fetched)
    } while (cursor != null)
}
