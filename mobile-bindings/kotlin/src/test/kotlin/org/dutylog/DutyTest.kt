package org.dutylog

import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Coming on duty and going off duty; what people choose from. */
class DutyTest : SiteTest() {
    @Test
    fun `coming and going are recorded and can be corrected`() {
        val phone = phone("phone", ZHANG_NUMBER)
        phone.signIn(ZHANG)
        val (app, shift, lead) = Triple(phone.app, phone.runningShift(), phone.post("duty lead"))
        assertTrue(app.posts(phone.now()).single { it.id == lead }.yours)
        app.checkIn(phone.draft(), shift, lead, proof = null, phone.now())
        val twice = refused<DutylogException.Rejected> { app.checkIn(phone.draft(), shift, lead, null, phone.now()) }
        assertEquals("already_checked_in", twice.code)
        app.checkOut(phone.draft(), shift, lead, Proof(Presence.TYPED, "at the gate"), phone.now())

        val zhang = phone.person(ZHANG)
        val really = phone.now().wallMs - 60_000
        app.correctAttendance(phone.draft(), shift, zhang, came = false, atMs = really, "left earlier", phone.now())
        val unexplained = refused<DutylogException.Rejected> {
            app.correctAttendance(phone.draft(), shift, zhang, came = false, atMs = really, reason = " ", phone.now())
        }
        assertEquals("text_missing", unexplained.code)
        val rows = app.attendance(shift)
        assertEquals(setOf(ZHANG), rows.map { it.name }.toSet())
        assertEquals(setOf(true, false), rows.map { it.came }.toSet())
        assertEquals(rows.sortedBy { it.atMs }, rows)
    }

    @Test
    fun `what is not theirs to fill is refused`() {
        val phone = phone("phone", LIU_NUMBER)
        phone.signIn(LIU)
        val (app, shift) = phone.app to phone.runningShift()
        val post = refused<DutylogException.Rejected> {
            app.checkIn(phone.draft(), shift, phone.post("duty lead"), null, phone.now())
        }
        assertEquals("post_not_yours", post.code)
        val none = refused<DutylogException.Rejected> {
            app.checkIn(phone.draft(), shift.copy(key = "noon"), phone.post("patrol staff"), null, phone.now())
        }
        assertEquals("no_such_shift", none.code)
        val date = refused<DutylogException.BadArgument> { app.attendance(shift.copy(date = "yesterday")) }
        assertEquals("shift.date", date.argument)
        val record = refused<DutylogException.BadArgument> { app.checkOut(phone.draft(), shift, "a post", null, phone.now()) }
        assertEquals("post", record.argument)
    }

    @Test
    fun `the site is what headquarters described`() {
        val phone = phone("phone")
        assertEquals(listOf("daily checklist", "handover checklist"), phone.app.checklists().map { it.name })
        assertEquals("Asia/Shanghai", phone.app.site().timeZone)
        assertEquals(6, phone.app.shifts(phone.now()).size)
        assertEquals(1, phone.app.shifts(phone.now()).count { it.running })
        assertEquals(8, phone.app.people(phone.now()).size)
    }
}
