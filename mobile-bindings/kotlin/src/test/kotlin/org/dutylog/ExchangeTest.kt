package org.dutylog

import java.nio.file.Path
import kotlin.io.path.copyTo
import kotlin.io.path.createDirectory
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import org.dutylog.testing.Coverage
import org.dutylog.testing.Phone
import org.dutylog.testing.Server
import org.dutylog.testing.SiteTest
import org.dutylog.testing.inTime
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What has come across and what has not: by conversation and by file. */
class ExchangeTest : SiteTest() {
    @Test
    fun `a conversation is made of steps that an app may carry itself`() = inTime {
        val phone = phone("phone")
        val record = raise(phone)
        assertEquals(Delivery.SAVED, phone.app.delivery(record))
        val run = Coverage.of<SyncRunInterface>(phone.app.beginSync())
        val first = (run.next(phone.now()) as Step.Http).request
        assertTrue(first.url.endsWith(first.path) && first.headers.all { it.name == it.name.lowercase() })
        assertEquals(Delivery.SENT, phone.app.delivery(record))
        run.onFailure(first.id, HttpFailure.INTERRUPTED)
        while (true) {
            when (val step = run.next(phone.now())) {
                is Step.Http -> run.onResponse(step.request.id, phone.http.send(step.request), phone.now())
                is Step.Wait -> phone.waited += step.ms.toLong()
                is Step.Done -> {
                    assertEquals(Delivered.ALL to "caught_up", step.report.delivered to step.report.code)
                    assertTrue(step.report.run { sent > 0uL && receipts > 0uL && bytesUp > 0uL && problems.isEmpty() })
                    break
                }
            }
        }
        assertEquals(Delivery.RECEIVED, phone.app.delivery(record))
    }

    @Test
    fun `a killed conversation begins again where it was`() {
        val phone = phone("phone")
        val record = raise(phone)
        val request = (phone.app.beginSync().next(phone.now()) as Step.Http).request
        phone.logbook.shutdown()
        phone.open()
        assertEquals(Delivery.SENT, phone.app.delivery(record))
        val again = (phone.app.beginSync().next(phone.now()) as Step.Http).request
        assertEquals(request.body.size, again.body.size)
        phone.deliver()
    }

    @Test
    fun `what waits and how fresh it is are told`() {
        val phone = phone("phone")
        assertEquals(0uL, phone.app.outbox().entries)
        phone.online = false
        raise(phone)
        val outbox = phone.app.outbox()
        assertEquals(1uL, outbox.entries)
        assertNotNull(outbox.oldestMs)
        val fresh = phone.app.freshness(phone.now())
        assertNull(fresh.staleDays)
        assertNotNull(fresh.heardMs)
        phone.waited += 30L * 24 * 60 * 60 * 1_000
        val stale = phone.app.freshness(phone.now())
        assertTrue(stale.staleDays!! >= 29u && stale.sentence.isNotEmpty(), stale::toString)
    }

    @Test
    fun `a file carries what the other phone lacks or is refused whole`() {
        val (giver, taker) = phone("giver") to phone("taker")
        val record = raise(giver)
        val file = folder.resolve("a file")
        val bytes = giver.app.exportTo(file.toString(), taker.app.heads())
        assertEquals(file.readBytes().size.toULong(), bytes)
        val cut = folder.resolve("cut").also { it.writeBytes(file.readBytes().copyOf(bytes.toInt() - 1)) }
        assertEquals("bundle_unreadable", refused<DutylogException.Exchange> { taker.app.importFrom(cut.toString()) }.code)
        assertTrue(taker.app.incidents(null, 10u).rows.isEmpty())
        assertTrue(taker.app.importFrom(file.toString()).stored > 0uL)
        assertTrue(taker.app.importFrom(file.toString()).held > 0uL)
        assertEquals(record, taker.app.incidents(null, 10u).rows.single().id)

        val nowhere = refused<DutylogException.Storage> { taker.app.importFrom(folder.resolve("nowhere").toString()) }
        assertEquals("file_failed" to true, nowhere.code to nowhere.retryable)
        val occupied = folder.resolve("occupied").createDirectory().toString()
        refused<DutylogException.Storage> { giver.app.exportTo(occupied, heads = null) }
        assertEquals("heads", refused<DutylogException.BadArgument> { giver.app.exportTo(occupied, "heads") }.argument)
    }

    @Test
    fun `what belongs to another site is refused`() {
        val phone = phone("phone")
        Server(folder.resolve("another")).use { another ->
            val stranger = Phone(folder.resolve("stranger"))
            stranger.enrol(another.phoneCode())
            raise(stranger)
            val file = exported(stranger)
            assertEquals("bundle_elsewhere", refused<DutylogException.Exchange> { phone.app.importFrom(file.toString()) }.code)

            // Its database in the place of this phone's.
            phone.logbook.shutdown()
            stranger.logbook.shutdown()
            stranger.database.copyTo(phone.database, overwrite = true)
            assertEquals("storage_elsewhere", refused<DutylogException.Storage> { phone.open() }.code)
        }
    }

    private val Phone.database: Path get() = folder.resolve("logbook/log.db")

    private fun exported(phone: Phone): Path =
        phone.folder.resolve("exported").also { phone.app.exportTo(it.toString(), heads = null) }

    private fun raise(phone: Phone): String {
        val new = NewIncident(IncidentKind.WATER, intake = IncidentIntake())
        return phone.app.raiseIncident(phone.draft(), new, phone.now()).record
    }
}
