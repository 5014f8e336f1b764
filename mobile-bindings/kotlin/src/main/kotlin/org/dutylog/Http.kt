package org.dutylog

import java.io.IOException

/**
 * The phone's own HTTP, as the logbook needs it: OkHttp, Ktor or [UrlConnectionHttp].
 *
 * A request goes out exactly as it is, without following redirects, and an answer comes back whatever its status.
 */
public fun interface Http {
    /**
     * Sends one request. Suspends and never blocks the caller's thread; ends the request when the coroutine is cancelled.
     *
     * @throws NoConnectionException if the server could not be reached.
     * @throws IOException if the connection broke, or the answer took longer than a minute.
     */
    public suspend fun send(request: HttpRequest): HttpResponse
}

/** The server could not be reached: nothing was sent. */
public class NoConnectionException(cause: Throwable? = null) : IOException(cause?.message, cause)
