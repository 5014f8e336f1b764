package org.dutylog

import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.Coverage
import org.dutylog.testing.random
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What the host lends may fail. The logbook says so, and goes on. */
class HostTest : SiteTest() {
    @Test
    fun `a key store that throws is told and costs nothing`() {
        val phone = Phone(folder.resolve("phone"))
        val code = server.phoneCode()
        // An exception that the interface does not know: a fault of the host, told as an error of ours and never a crash.
        phone.keys.trouble = { IllegalArgumentException("a fault of the host") }
        val fault = refused<DutylogException.Keys> { phone.enrol(code) }
        assertEquals("keys_failed" to true, fault.code to fault.retryable)
        assertTrue("a fault of the host" in fault.reason, fault::reason)
        // One that no interface knows.
        phone.keys.trouble = { NotImplementedError("a host that is not finished") }
        assertEquals("keys_failed", refused<DutylogException.Keys> { phone.enrol(code) }.code)
        // One that this one knows.
        phone.keys.trouble = { KeyStoreException.Unavailable() }
        val locked = refused<DutylogException.Keys> { phone.enrol(code) }
        assertEquals("keys_locked" to true, locked.code to locked.retryable)
        // The code was not spent.
        phone.keys.trouble = { null }
        phone.enrol(code)
        assertNull(pendingEnrolment(phone.options(), phone.keys, phone.now()))
    }

    @Test
    fun `a key that is gone is told`() {
        val phone = phone("phone")
        phone.keys.trouble = { KeyStoreException.NotFound() }
        phone.app.beginSync().use { run ->
            val lost = refused<DutylogException.Keys> { run.next(phone.now()) }
            assertEquals("key_lost" to false, lost.code to lost.retryable)
        }
        phone.keys.trouble = { null }
        phone.deliver()
    }

    @Test
    fun `a panic inside leaves the app alive and the database whole`() {
        val phone = phone("phone")
        repeat(3) { raise(phone) }
        // What the library takes for a panic in the middle of sealing, if it was built with the drill.
        phone.keys.trouble = { KeyStoreException.Failed("drill: panic") }
        val fault = refused<DutylogException.Fault> { phone.app.beginSync() }
        assertEquals("fault" to true, fault.code to fault.retryable)
        phone.keys.trouble = { null }
        assertEquals(3, phone.app.incidents(null, 10u).rows.size)
        raise(phone)
        assertEquals(4, phone.app.incidents(null, 10u).rows.size)
        phone.deliver()
        assertEquals(0uL, phone.app.outbox().entries)
    }

    @Test
    fun `a key store that calls the logbook is refused and does not wait for itself`() {
        val phone = phone("phone")
        raise(phone)
        val refusals = mutableListOf<DutylogException.BadArgument>()
        phone.keys.before = { refusals += refused<DutylogException.BadArgument> { phone.app.outbox() } }
        phone.app.beginSync().close()
        phone.keys.before = {}
        assertEquals(setOf("called_from_within"), refusals.map { it.code }.toSet())
    }

    @Test
    fun `a listener may call back and fail and hears nothing once it is let go`() {
        val phone = phone("phone")
        val heard = mutableListOf<Pair<ChangeSet, Int>>()
        val listener = object : ChangeListener {
            override fun onChanged(changes: ChangeSet) {
                heard += changes to phone.app.incidents(null, 10u).rows.size
                // Its own change is told after it returns, not while it is called.
                if (heard.size == 1) raise(phone)
                throw IllegalStateException("a fault of the listener")
            }
        }
        val subscription = phone.app.subscribe(listener)
        val first = raise(phone)
        assertEquals(listOf(1, 2), heard.map { (_, rows) -> rows })
        assertEquals(listOf(first), heard.first().first.records)
        assertTrue(heard.all { (changes, _) -> Topic.INCIDENTS in changes.topics && !changes.all })
        assertTrue(heard[0].first.revision < heard[1].first.revision)

        Coverage.of<SubscriptionInterface>(subscription).cancel()
        raise(phone)
        assertEquals(2, heard.size)
        subscription.close()
    }

    @Test
    fun `closing a subscription ends it`() {
        val phone = phone("phone")
        var heard = 0
        val listener = object : ChangeListener {
            override fun onChanged(changes: ChangeSet) {
                heard++
            }
        }
        phone.app.subscribe(listener).use { raise(phone) }
        raise(phone)
        assertEquals(1, heard)
    }

    @Test
    fun `software keys survive and a guard is needed`() {
        val (path, secret) = folder.resolve("software").toString() to random(32)
        val open = { Coverage.of<KeyStore>(softwareKeyStore(path, secret, random(32))) }
        val guard = random(32)
        assertEquals(32, open().create("person", guard).size)
        assertEquals(64, open().sign("person", guard, byteArrayOf(5)).size)
        assertArrayEquals(open().mac("name", byteArrayOf(1)), open().mac("name", byteArrayOf(1)))
        refused<KeyStoreException.WrongGuard> { open().sign("person", random(32), byteArrayOf(5)) }
        refused<KeyStoreException.NotFound> { open().sign("nobody", null, byteArrayOf(5)) }
        open().delete("person")
        open().delete("person")
        refused<KeyStoreException.NotFound> { open().sign("person", guard, byteArrayOf(5)) }
        val short = refused<KeyStoreException.Failed> { softwareKeyStore(path, random(31), random(32)) }
        assertTrue("32 bytes" in short.reason)
    }

    private fun raise(phone: Phone): String {
        val new = NewIncident(IncidentKind.WATER, intake = IncidentIntake())
        return phone.app.raiseIncident(phone.draft(), new, phone.now()).record
    }
}
