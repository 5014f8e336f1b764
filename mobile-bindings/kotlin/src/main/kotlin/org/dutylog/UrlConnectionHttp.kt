package org.dutylog

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.ConnectException
import java.net.HttpURLConnection
import java.net.NoRouteToHostException
import java.net.URI
import java.net.UnknownHostException
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext

/** Bytes; the server's answers are far shorter, and what is longer comes from something else on the way. */
private const val LONGEST_BODY = 1024 * 1024

private const val CONNECT_MS = 15_000
private const val ANSWER_MS = 60_000

/**
 * HTTP by what Android and every JVM bring along: the system's proxies, trusted certificates and network security configuration hold.
 *
 * Cancelling the coroutine ends the connection; while one is being made, after 15 seconds at the latest.
 */
public class UrlConnectionHttp : Http {
    override suspend fun send(request: HttpRequest): HttpResponse = withContext(Dispatchers.IO) {
        val connection = connectionFor(request)
        suspendCancellableCoroutine { waiting ->
            // Whoever reads from it is woken by its end.
            waiting.invokeOnCancellation { connection.disconnect() }
            waiting.resumeWith(connection, request)
        }
    }
}

private fun connectionFor(request: HttpRequest): HttpURLConnection {
    val connection = URI(request.url).toURL().openConnection() as HttpURLConnection
    connection.requestMethod = request.method
    connection.doOutput = request.method == "POST"
    connection.instanceFollowRedirects = false
    connection.useCaches = false
    connection.connectTimeout = CONNECT_MS
    connection.readTimeout = ANSWER_MS
    for ((name, value) in request.headers) connection.setRequestProperty(name, value)
    return connection
}

private fun CancellableContinuation<HttpResponse>.resumeWith(connection: HttpURLConnection, request: HttpRequest) {
    try {
        connection.reach()
        if (!isActive) {
            // Nothing more goes out for somebody who has left.
            connection.disconnect()
            return
        }
        if (connection.doOutput) connection.outputStream.use { it.write(request.body) }
        val answer = connection.answer()
        resume(answer) { _, _, _ -> }
    } catch (error: IOException) {
        connection.disconnect()
        resumeWithException(error)
    }
}

private fun HttpURLConnection.reach() {
    try {
        connect()
    } catch (error: IOException) {
        throw if (error.isUnreachable) NoConnectionException(error) else error
    }
}

private val IOException.isUnreachable: Boolean
    get() = this is UnknownHostException || this is ConnectException || this is NoRouteToHostException

private fun HttpURLConnection.answer(): HttpResponse {
    val status = responseCode.toUShort()
    val body = (errorStream ?: inputStream).use { it.readBody() }
    // Not every platform notices by itself; where it unpacked the body, it announces no length.
    if (contentLengthLong >= 0 && contentLengthLong != body.size.toLong()) throw IOException("the answer was cut short")
    // The status line stands among the headers, under no name.
    val named = headerFields.filterKeys { it != null }
    val headers = named.flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
    return HttpResponse(status, headers, body)
}

private fun InputStream.readBody(): ByteArray {
    val body = ByteArrayOutputStream()
    val piece = ByteArray(DEFAULT_BUFFER_SIZE)
    while (true) {
        val read = read(piece)
        if (read < 0) return body.toByteArray()
        body.write(piece, 0, read)
        if (body.size() > LONGEST_BODY) throw IOException("an answer longer than $LONGEST_BODY bytes")
    }
}
