package org.dutylog

import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.io.path.deleteExisting
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Opening, pausing, closing; the files under them; many threads. */
class LifecycleTest : SiteTest() {
    @Test
    fun `paused it answers nothing and resumed the same person is signed in`() {
        val phone = phone("phone", ZHANG_NUMBER)
        phone.signIn(ZHANG)
        val app = phone.app
        app.pause()
        app.pause()
        val paused = refused<DutylogException.Paused> { app.outbox() }
        assertEquals("paused" to true, paused.code to paused.retryable)
        // Another opening of the same files succeeds: they were given up.
        Logbook.open(phone.options(), phone.keys, phone.now()).use { it.shutdown() }
        app.resume()
        app.resume()
        assertEquals(phone.person(ZHANG), app.signedIn())
        app.upkeep()
    }

    @Test
    fun `after its end every call says so`() {
        val phone = phone("phone")
        val (app, logbook) = phone.app to phone.logbook
        app.shutdown()
        app.shutdown()
        val closed = refused<DutylogException.Paused> { app.outbox() }
        assertEquals("closed" to false, closed.code to closed.retryable)
        // Freed, the object itself is gone: a fault of the app.
        logbook.close()
        logbook.close()
        assertThrows<IllegalStateException> { logbook.outbox() }
    }

    @Test
    fun `every object can be closed and refuses to be used afterwards`() {
        val phone = Phone(folder.resolve("phone"))
        val enrolling = Enrolling.begin(phone.options(), phone.keys, server.phoneCode(), "Phone", phone.now())
        enrolling.close()
        assertThrows<IllegalStateException> { enrolling.request() }
        phone.enrol(server.phoneCode())
        val run = phone.logbook.beginSync()
        run.close()
        assertThrows<IllegalStateException> { run.next(phone.now()) }
        val listener = object : ChangeListener {
            override fun onChanged(changes: ChangeSet) = Unit
        }
        val subscription = phone.logbook.subscribe(listener)
        subscription.close()
        assertThrows<IllegalStateException> { subscription.cancel() }
    }

    @Test
    fun `a conversation keeps its logbook and ends with it`() {
        val phone = phone("phone")
        val run = phone.logbook.beginSync()
        phone.logbook.shutdown()
        assertEquals("closed", refused<DutylogException.Paused> { run.next(phone.now()) }.code)
    }

    @Test
    fun `a logbook is open once`() {
        val phone = phone("phone")
        val twice = refused<DutylogException.Storage> { Logbook.open(phone.options(), phone.keys, phone.now()) }
        assertEquals("storage_in_use" to true, twice.code to twice.retryable)
    }

    @Test
    fun `files of a newer version are told`() {
        val phone = phone("phone")
        phone.logbook.shutdown()
        val database = phone.folder.resolve("logbook/log.db")
        val whole = database.readBytes()
        // The version stands in the header of an SQLite file, bytes 60 to 63.
        database.writeBytes(whole.copyOf().also { it[62] = 99 })
        assertEquals("storage_newer", refused<DutylogException.Storage> { phone.open() }.code)
        database.writeBytes(whole)
        phone.open()
        assertNull(phone.app.signedIn())
    }

    @Test
    fun `a phone whose key was refused while sealing starts a new chain and keeps every record`() {
        val phone = phone("phone", ZHANG_NUMBER)
        phone.signIn(ZHANG)
        raise(phone)
        phone.keys.trouble = { KeyStoreException.NotFound() }
        phone.app.beginSync().close()
        phone.keys.trouble = { null }
        val frozen = refused<DutylogException.Storage> { raise(phone) }
        assertEquals("chain_closed" to false, frozen.code to frozen.retryable)
        phone.app.startChain()
        assertNull(phone.app.signedIn(), "whoever was signed in has to sign in again")
        phone.signIn(ZHANG)
        raise(phone)
        assertEquals(2, phone.app.incidents(null, 10u).rows.size)
        phone.deliver()
        assertEquals(0uL, phone.app.outbox().entries)
    }

    @Test
    fun `a phone that lost its keys is enrolled again and passes over nothing`() {
        val before = phone("phone", LIU_NUMBER)
        before.signIn(LIU)
        val daily = before.app.checklists().first { it.name == "daily checklist" }
        val round = before.app.startRound(before.draft(), RoundTask.Checklist(daily.id), before.now()).record
        for (checkpoint in 1u..4u) before.app.skipCheckpoint(before.draft(), round, checkpoint, "flooded", before.now())
        // The key is lost between two moments: the person has signed, and the phone cannot seal it.
        before.keys.trouble = { name -> KeyStoreException.NotFound().takeIf { name.startsWith("device/") } }
        sign(before, round)
        before.logbook.shutdown()
        before.folder.resolve("keys").deleteExisting()

        val phone = Phone(before.folder)
        phone.enrol(server.phoneCode())
        phone.deliver()
        phone.enrolPerson(LIU_NUMBER, server.personCode(LIU_NUMBER))
        phone.deliver()
        val waiting = phone.app.stranded()
        assertTrue(waiting.size > 1, "everything waits for its author")
        val unsigned = waiting.first { !it.redo }.entry
        assertEquals("not_to_redo", refused<DutylogException.Rejected> { phone.app.doneAgain(unsigned) }.code)
        assertEquals(waiting, phone.app.stranded(), "nothing is struck off that would come back by itself")
        phone.signIn(LIU)
        // The rest was recorded again by itself; nobody signs for another.
        val signature = phone.app.stranded().single()
        assertEquals(Triple(true, LIU, round), signature.run { Triple(redo, authorName, record) })
        sign(phone, round)
        phone.app.doneAgain(signature.entry)
        assertTrue(phone.app.stranded().isEmpty())
        phone.deliver()
        assertEquals(RoundState.SIGNED, phone.app.round(round, phone.now()).state)
    }

    private fun sign(phone: Phone, round: String) {
        val shown = phone.app.roundText(round, phone.now())
        phone.app.signRound(phone.draft(), round, shown.digest, shown.shownAtMs, phone.now())
    }

    @Test
    fun `eight threads share one logbook`() {
        val phone = phone("phone")
        val threads = Executors.newFixedThreadPool(8)
        val work = List(8) {
            Callable {
                List(10) {
                    phone.app.outbox()
                    raise(phone)
                }
            }
        }
        val raised = threads.invokeAll(work).flatMap { it.get() }
        threads.shutdown()
        val rows = phone.app.incidents(null, 200u).rows
        assertEquals(80, raised.toSet().size)
        assertEquals(raised.toSet(), rows.map { it.id }.toSet())
        assertEquals(80uL, phone.app.outbox().entries)
    }

    private fun raise(phone: Phone): String {
        val new = NewIncident(IncidentKind.WATER, intake = IncidentIntake())
        return phone.app.raiseIncident(phone.draft(), new, phone.now()).record
    }
}
