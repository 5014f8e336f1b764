package org.dutylog

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.clocksOf
import org.dutylog.testing.inTime
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The layer for coroutines: changes and pages as flows, conversations that can be cancelled. */
class FlowTest : SiteTest() {
    @Test
    fun `changes are told from the start of collecting to its end`() = inTime {
        val phone = phone("phone")
        val (heard, listening) = Channel<ChangeSet>(Channel.UNLIMITED) to CompletableDeferred<Unit>()
        val app = Listened(phone.app, listening)
        val collector = launch { app.changes().collect(heard::send) }
        listening.await()
        val record = phone.app.io { raise(phone) }
        val told = heard.receive()
        assertEquals(listOf(record), told.records)
        assertTrue(Topic.INCIDENTS in told.topics && !told.all)
        assertEquals(1, app.open)

        collector.cancelAndJoin()
        assertEquals(0, app.open, "its subscription has ended")
        phone.app.io { raise(phone) }
        assertTrue(heard.tryReceive().isFailure)
    }

    @Test
    fun `a slow collector is told everything at once`() = inTime {
        val phone = phone("phone")
        val (heard, busy) = mutableListOf<ChangeSet>() to CompletableDeferred<Unit>()
        val free = CompletableDeferred<Unit>()
        val listening = CompletableDeferred<Unit>()
        val collector = launch {
            Listened(phone.app, listening).changes().collect { changes ->
                heard += changes
                busy.complete(Unit)
                free.await()
            }
        }
        listening.await()
        val first = raise(phone)
        busy.await()
        val records = List(60) { raise(phone) }
        free.complete(Unit)
        while (heard.size < 2) yield()
        collector.cancelAndJoin()
        assertEquals(listOf(first), heard[0].records)
        assertEquals(records.take(50), heard[1].records)
        assertTrue(heard[1].all, "more changed than is named")
        assertEquals(2, heard.size)
    }

    @Test
    fun `a watched question is answered now and after each change of its topic`() = inTime {
        val phone = phone("phone")
        val answers = Channel<Int>(Channel.UNLIMITED)
        val collector = launch {
            phone.app.watch(Topic.INCIDENTS) { incidents(null, 10u).rows.size }.collect(answers::send)
        }
        assertEquals(0, answers.receive())
        raise(phone)
        assertEquals(1, answers.receive())
        phone.app.saveDraft(phone.draft(), DraftKind.COMMENT, "half a sentence", phone.now())
        raise(phone)
        assertEquals(2, answers.receive(), "a draft is no incident")
        collector.cancelAndJoin()
    }

    @Test
    fun `a watched question that fails ends the flow`() = inTime {
        val phone = phone("phone")
        assertThrows<DutylogException.BadArgument> { phone.logbook.watch { incidents(null, 0u) }.first() }
    }

    @Test
    fun `a thousand rows come in pages each once`() = inTime {
        val phone = phone("phone")
        val raised = phone.app.io { List(1_000) { raise(phone) } }
        val pages = phone.app.incidentPages(200u).toList()
        val rows = pages.flatMap { it.rows }
        assertEquals(raised.toSet(), rows.map { it.id }.toSet())
        assertEquals(1_000, rows.size)
        assertTrue(pages.all { it.rows.size <= 200 })
        assertTrue(rows.zipWithNext().all { (newer, older) -> newer.changedMs >= older.changedMs })
    }

    @Test
    fun `lists without rows have one empty page`() = inTime {
        val phone = phone("phone")
        assertEquals(listOf(0), phone.app.roundPages().toList().map { it.rows.size })
        assertEquals(listOf(0), phone.app.handoverPages().toList().map { it.rows.size })
    }

    @Test
    fun `a cancelled conversation ends at once and the next one delivers`() = inTime {
        val phone = phone("phone")
        raise(phone)
        val sent = CompletableDeferred<HttpRequest>()
        val syncing = launch {
            val reached = Http { request ->
                sent.complete(request)
                awaitCancellation()
            }
            phone.app.synchronize(reached, clocksOf(phone))
        }
        val request = sent.await()
        assertTrue(request.body.size <= 256 * 1024)
        syncing.cancelAndJoin()
        assertTrue(syncing.isCancelled)

        assertEquals(1uL, phone.app.outbox().entries)
        val report = phone.app.synchronize(phone.http, clocksOf(phone))
        assertEquals(Delivered.ALL, report.delivered, report::toString)
        assertEquals(0uL, phone.app.outbox().entries)
    }

    @Test
    fun `cancelling takes back nothing that was recorded`() = inTime {
        val phone = phone("phone")
        val draft = phone.draft()
        val incident = NewIncident(IncidentKind.POWER, intake = IncidentIntake())
        val recording = launch {
            val self = checkNotNull(coroutineContext[Job])
            phone.app.io {
                raiseIncident(draft, incident, phone.now())
                self.cancel(CancellationException("the screen was left"))
            }
        }
        recording.join()
        assertTrue(recording.isCancelled)
        val again = phone.app.io { raiseIncident(draft, incident, phone.now()) }
        assertTrue(again.repeated)
    }

    private fun raise(phone: Phone): String {
        val new = NewIncident(IncidentKind.WATER, intake = IncidentIntake())
        return phone.app.raiseIncident(phone.draft(), new, phone.now()).record
    }
}

/** A logbook that says when it is listened to, and by how many. */
private class Listened(private val app: LogbookInterface, private val listening: CompletableDeferred<Unit>) :
    LogbookInterface by app {
    private val subscriptions = mutableListOf<Subscription>()

    /** How many subscriptions have not been closed. */
    val open: Int get() = subscriptions.count { subscription -> runCatching { subscription.cancel() }.isSuccess }

    override fun subscribe(listener: ChangeListener): Subscription =
        app.subscribe(listener).also(subscriptions::add).also { listening.complete(Unit) }
}
