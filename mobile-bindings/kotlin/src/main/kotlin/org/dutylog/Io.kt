package org.dutylog

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * Where the logbook is called: off the main thread, on at most four threads of [Dispatchers.IO]. One logbook does one thing at a
 * time, so that more threads would only wait.
 */
internal val LogbookDispatcher: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(4, "dutylog")

/**
 * Calls the logbook off the main thread: `app.io { incidents(null, 50u) }`.
 *
 * Every method of [Logbook] blocks until it is done; inside [block] that is as it should be. Cancelling the coroutine while [block] is
 * at work takes nothing back: what it recorded is on the disk, only its result is not seen. Try again with the same draft, and
 * nothing is recorded twice.
 *
 * @throws DutylogException as the methods do.
 */
public suspend fun <L : LogbookInterface, T> L.io(block: L.() -> T): T = withContext(LogbookDispatcher) { block() }
