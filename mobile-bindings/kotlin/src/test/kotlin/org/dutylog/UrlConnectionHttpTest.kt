package org.dutylog

import java.io.DataInputStream
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import kotlin.concurrent.thread
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import org.dutylog.testing.inTime
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The carrier that every JVM brings along, against servers that answer one request. */
class UrlConnectionHttpTest {
    @Test
    fun `a request goes out as it is and the answer comes back whatever its status`() = inTime {
        val heard = CompletableDeferred<List<String>>()
        serving({ socket ->
            heard.complete(socket.answer("HTTP/1.1 429 Too Many\r\nretry-after: 7\r\ncontent-length: 4\r\n\r\nlate"))
        }) { url ->
            val headers = listOf(HttpHeader("content-type", "application/cbor"))
            val answer = UrlConnectionHttp().send(HttpRequest(1uL, "POST", url, "/", headers, byteArrayOf(1, 2)))
            assertEquals(429.toUShort(), answer.status)
            assertEquals("7", answer.headers.single { it.name.equals("retry-after", ignoreCase = true) }.value)
            assertArrayEquals("late".toByteArray(), answer.body)
        }
        val lines = heard.await()
        assertTrue(lines.first().startsWith("POST / "))
        assertTrue("content-type: application/cbor" in lines && "Content-Length: 2" in lines, lines::toString)
    }

    @Test
    fun `a redirect is an answer like any other`() = inTime {
        serving({ it.answer("HTTP/1.1 302 Found\r\nlocation: http://portal.example/\r\ncontent-length: 0\r\n\r\n") }) { url ->
            assertEquals(302.toUShort(), UrlConnectionHttp().send(get(url)).status)
        }
    }

    @Test
    fun `nobody there is told from a connection that broke`() = inTime {
        val free = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
        assertThrows<NoConnectionException> { UrlConnectionHttp().send(get("http://127.0.0.1:$free/")) }
        serving({ it.answer("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf") }) { url ->
            val broken = assertThrows<IOException> { UrlConnectionHttp().send(get(url)) }
            assertFalse(broken is NoConnectionException)
        }
    }

    @Test
    fun `an answer without end is not waited for`() = inTime {
        serving({ it.answer("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1024 * 1024 + 1)) }) { url ->
            assertThrows<IOException> { UrlConnectionHttp().send(get(url)) }
        }
    }

    @Test
    fun `cancelling ends a connection that waits for its answer`() = inTime {
        val (asked, gone) = CompletableDeferred<Unit>() to CompletableDeferred<Int>()
        serving({ socket ->
            socket.request()
            asked.complete(Unit)
            gone.complete(socket.getInputStream().read())
        }) { url ->
            val waiting = launch { UrlConnectionHttp().send(get(url)) }
            asked.await()
            waiting.cancelAndJoin()
            assertTrue(waiting.isCancelled)
            assertEquals(-1, gone.await(), "the server sees its end")
        }
    }

    private fun get(url: String) = HttpRequest(1uL, "GET", url, "/", emptyList(), ByteArray(0))

    /** A server that deals with one connection. */
    private suspend fun serving(deal: (Socket) -> Unit, use: suspend (url: String) -> Unit) {
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
            val dealing = thread { server.accept().use(deal) }
            use("http://127.0.0.1:${server.localPort}/")
            dealing.join()
        }
    }

    /** The head of a request, line by line, once its body has come as well. */
    private fun Socket.request(): List<String> {
        val input = DataInputStream(getInputStream())
        val head = StringBuilder()
        while (!head.endsWith("\r\n\r\n")) head.append(input.readByte().toInt().toChar())
        val lines = head.trim().lines()
        val length = lines.firstOrNull { it.startsWith("content-length:", ignoreCase = true) }?.substringAfter(": ")
        input.readFully(ByteArray(length?.toInt() ?: 0))
        return lines
    }

    private fun Socket.answer(text: String) = request().also { getOutputStream().write(text.toByteArray()) }
}
