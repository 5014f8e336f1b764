package org.dutylog

import java.io.IOException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext

/**
 * Holds one conversation with the server: delivers what waits and takes in what is new. Returns when it is over; a server that cannot
 * be reached is no error but a report that says so ([Delivered.NOT_ALL]).
 *
 * Every step is on the disk before the next begins, so that it may be cancelled, or the app killed, at any moment: the next
 * conversation goes on from there.
 *
 * @param http carries the requests.
 * @param reading what the clocks say when it is called.
 * @throws DutylogException as the methods of [SyncRun] do.
 */
public suspend fun LogbookInterface.synchronize(http: Http, reading: () -> Reading): SyncReport {
    // A conversation that was begun reaches `use`, however soon it is cancelled.
    val begun = withContext(LogbookDispatcher + NonCancellable) { beginSync() }
    return begun.use { run -> run.toItsEnd(http, reading) }
}

private suspend fun SyncRun.toItsEnd(http: Http, reading: () -> Reading): SyncReport {
    while (true) {
        when (val step = withContext(LogbookDispatcher) { next(reading()) }) {
            is Step.Http -> carry(step.request, http, reading)
            is Step.Wait -> delay(step.ms.toLong())
            is Step.Done -> return step.report
        }
    }
}

private suspend fun SyncRun.carry(request: HttpRequest, http: Http, reading: () -> Reading) {
    try {
        onResponse(request.id, http.send(request), reading())
    } catch (_: NoConnectionException) {
        onFailure(request.id, HttpFailure.NO_CONNECTION)
    } catch (_: IOException) {
        onFailure(request.id, HttpFailure.INTERRUPTED)
    }
}
