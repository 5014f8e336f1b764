package org.dutylog

import org.dutylog.testing.Coverage
import org.dutylog.testing.PIN
import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.inTime
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Becoming a phone of a site, and a person on it; signing in. */
class EnrolmentTest : SiteTest() {
    @Test
    fun `an enrolment outlives a kill and its answer makes the logbook`() = inTime {
        val phone = Phone(folder.resolve("phone"))
        val request = phone.enrolling(server.phoneCode()).request()
        assertEquals("POST", request.method)

        val kept = checkNotNull(pendingEnrolment(phone.options(), phone.keys, phone.now()))
        assertArrayEquals(request.body, kept.request().body)
        val finished: LogbookInterface = Coverage.of<EnrollingInterface>(kept).finish(phone.http.send(request))
        assertEquals(request.url, finished.site().origin + request.path)
        assertFalse(finished.site().described, "the first conversation brings what the site is")
        assertEquals(emptyList<ShiftRow>(), finished.shifts(phone.now()))
        assertNull(pendingEnrolment(phone.options(), phone.keys, phone.now()))
    }

    @Test
    fun `an enrolment that the server did not take says why`() = inTime {
        val phone = Phone(folder.resolve("phone"))
        val text = refused<DutylogException.Exchange> { phone.enrolling("https://duty.example") }
        assertEquals("not_an_invitation", text.code)
        val code = server.phoneCode()
        val enrolling = phone.enrolling(code)

        // A portal of a hotel, a server behind a proxy that is down.
        val stranger = refused<DutylogException.Exchange> { enrolling.finish(HttpResponse(302u, emptyList(), ByteArray(0))) }
        assertEquals("not_headquarters" to true, stranger.code to stranger.retryable)
        val later = refused<DutylogException.Exchange> { enrolling.finish(HttpResponse(503u, emptyList(), ByteArray(0))) }
        assertEquals("enrolment_later" to true, later.code to later.retryable)
        phone.online = false
        assertThrows<NoConnectionException> { enrolling.finish(phone.http) }
        phone.online = true
        enrolling.finish(phone.http)

        val spent = refused<DutylogException.Exchange> { Phone(folder.resolve("second")).enrol(code) }
        assertEquals("enrolment_refused" to false, spent.code to spent.retryable)
        assertTrue(spent.serverCode.isNotEmpty())
    }

    @Test
    fun `a phone that was never enrolled has no logbook`() {
        val phone = Phone(folder.resolve("phone"))
        val never = refused<DutylogException.Exchange> { phone.open() }
        assertEquals("bad_enrolment", never.code)
        val short = refused<DutylogException.BadArgument> {
            Logbook.open(phone.options().copy(seed = ByteArray(31)), phone.keys, phone.now())
        }
        assertEquals("seed", short.argument)
    }

    @Test
    fun `a person's enrolment outlives a kill`() = inTime {
        val phone = phone("phone")
        val code = server.personCode(ZHANG_NUMBER)
        val weak = refused<DutylogException.SignIn> { phone.app.enrolPerson(ZHANG_NUMBER, code, "111111") }
        assertEquals("weak_pin", weak.code)
        val mistyped = refused<DutylogException.Exchange> { phone.app.enrolPerson(ZHANG_NUMBER, "AAAA-BBBB", PIN) }
        assertEquals("not_an_invitation", mistyped.code)
        assertFalse(phone.app.finishPerson(phone.http))

        val asked = phone.app.enrolPerson(ZHANG_NUMBER, code, PIN)
        phone.logbook.shutdown()
        phone.open()
        assertArrayEquals(asked.body, phone.app.pendingPerson()!!.body)
        phone.online = false
        assertThrows<NoConnectionException> { phone.app.finishPerson(phone.http) }
        phone.online = true
        assertTrue(phone.app.finishPerson(phone.http))
        assertNull(phone.app.pendingPerson())
        val row = phone.app.people(phone.now()).single { it.staffNumber == ZHANG_NUMBER }
        assertTrue(row.onThisPhone && !row.signedIn && !row.locked && row.waitMs == 0L)
    }

    @Test
    fun `a person's code works once and the answer has to be headquarters' own`() = inTime {
        val phone = phone("phone")
        val code = server.personCode(ZHANG_NUMBER)
        phone.app.enrolPerson(ZHANG_NUMBER, code, PIN)
        val stranger = refused<DutylogException.Exchange> {
            phone.app.personEnrolled(HttpResponse(200u, emptyList(), "welcome".toByteArray()))
        }
        assertEquals("not_headquarters", stranger.code)
        assertTrue(phone.app.finishPerson(phone.http))
        phone.app.enrolPerson(LI_NUMBER, code, PIN)
        val spent = refused<DutylogException.Exchange> { phone.app.finishPerson(phone.http) }
        assertEquals("enrolment_refused", spent.code)
        assertNull(phone.app.pendingPerson(), "nothing is pending after a refusal")
    }

    @Test
    fun `signing in is refused to strangers and wrong PINs and never wipes anything`() {
        val phone = phone("phone", ZHANG_NUMBER)
        assertNull(phone.app.signedIn())
        val unknown = refused<DutylogException.SignIn> { phone.signIn(LI) }
        assertEquals("unknown_person", unknown.code)
        val zhang = phone.person(ZHANG)

        var tries = 0
        do {
            val wrong = refused<DutylogException.SignIn> { phone.app.signIn(zhang, "000001", phone.now()) }
            assertTrue(++tries < 100 && (wrong.code == "pin_locked") != wrong.retryable, wrong::toString)
            if (wrong.code == "pin_wait") assertEquals(wrong.waitMs > 0, true)
            phone.waited += wrong.waitMs
        } while (wrong.code != "pin_locked")
        val locked = phone.app.people(phone.now()).single { it.id == zhang }
        assertTrue(locked.locked)
        refused<DutylogException.SignIn> { phone.signIn(ZHANG) }

        // Enrolled again, the person is in.
        phone.enrolPerson(ZHANG_NUMBER, server.personCode(ZHANG_NUMBER))
        phone.deliver()
        phone.signIn(ZHANG)
        assertEquals(zhang, phone.app.signedIn())
        phone.app.signOut(phone.now(), idle = true)
        assertNull(phone.app.signedIn())
        val nobody = refused<DutylogException.Rejected> {
            phone.app.checkIn(phone.draft(), phone.runningShift(), phone.post("duty lead"), null, phone.now())
        }
        assertEquals("nobody_signed_in", nobody.code)
    }

    @Test
    fun `the first conversation brings the people`() {
        val phone = Phone(folder.resolve("phone"))
        phone.enrol(server.phoneCode())
        phone.enrolPerson(ZHANG_NUMBER, server.personCode(ZHANG_NUMBER))
        val zhang = phone.app.people(phone.now()).single().id
        val unknown = refused<DutylogException.Rejected> { phone.app.signIn(zhang, PIN, phone.now()) }
        assertEquals("not_here", unknown.code)
        phone.deliver()
        phone.app.signIn(zhang, PIN, phone.now())
    }

    @Test
    fun `a phone speaks its language`() {
        val phone = phone("phone", ZHANG_NUMBER, language = Language.CHINESE)
        assertEquals("青石岭泵站", phone.app.site().name)
        val wrong = refused<DutylogException.SignIn> { phone.app.signIn(phone.person(ZHANG), "000001", phone.now()) }
        assertEquals("PIN 不正确。" to "请重新输入。", wrong.sentence to wrong.whatToDo)
    }
}
