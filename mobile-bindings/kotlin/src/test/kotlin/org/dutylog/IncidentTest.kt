package org.dutylog

import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Incidents from the first word to the close; comments. */
class IncidentTest : SiteTest() {
    @Test
    fun `an incident is raised by nobody and run by people`() {
        val phone = phone("phone", ZHANG_NUMBER)
        val app = phone.app
        val incident = app.raiseIncident(phone.draft(), NewIncident(IncidentKind.FIRE, intake = IncidentIntake()), phone.now()).record
        app.addTimeline(phone.draft(), incident, "Smoke in the switch room.", atMs = null, phone.now())
        phone.signIn(ZHANG)
        app.changeSeverity(phone.draft(), incident, Severity.HIGH, phone.now())
        val liu = phone.person(LIU)
        app.assign(phone.draft(), incident, liu, assigned = true, phone.now())
        assertEquals(listOf(LIU), app.incident(incident, phone.now()).assigned)
        app.assign(phone.draft(), incident, liu, assigned = false, phone.now())
        app.acknowledge(phone.draft(), incident, phone.now())
        val twice = refused<DutylogException.Rejected> { app.acknowledge(phone.draft(), incident, phone.now()) }
        assertEquals("already_acknowledged", twice.code)
        app.reportByPhone(phone.draft(), incident, to = "the duty office", phone.now())
        app.comment(phone.draft(), incident, "Ventilation is on.", phone.now())

        val detail = app.incident(incident, phone.now())
        assertEquals(Severity.HIGH to IncidentKind.FIRE, detail.row.severity to detail.row.kind)
        assertEquals(emptyList<String>(), detail.assigned)
        assertEquals("Ventilation is on." to ZHANG, detail.comments.single().run { text to name })
        assertTrue(detail.reportClock.isNotEmpty() && detail.row.acknowledged)
        assertTrue(detail.fields.any { it.missing })
    }

    @Test
    fun `a major incident is closed under the text that was shown`() {
        val phone = phone("phone", ZHANG_NUMBER)
        phone.signIn(ZHANG)
        val app = phone.app
        val major = NewIncident(IncidentKind.NETWORK, Severity.HIGH, intake = IncidentIntake())
        val incident = app.raiseIncident(phone.draft(), major, phone.now()).record
        val bare = Conclusion(incident, result = "line repaired")
        assertEquals("incident_incomplete", refused<DutylogException.Rejected> { app.closeText(bare, phone.now()) }.code)
        val told = IncidentIntake(
            occurredMs = phone.now().wallMs, reporter = ZHANG, contact = "13800000001", place = "communications room",
            nature = "line down", firstState = "no signal", suggestion = "call the carrier",
        )
        app.detailIncident(phone.draft(), incident, told, phone.now())
        val nothing = refused<DutylogException.Rejected> {
            app.detailIncident(phone.draft(), incident, IncidentIntake(), phone.now())
        }
        assertEquals("nothing_entered", nothing.code)

        val page = "x".repeat(16_000)
        val large = IncidentIntake(
            reporter = page, contact = page, place = page, nature = page, firstState = page, suggestion = page,
        )
        val tooLarge = refused<DutylogException.Rejected> { app.detailIncident(phone.draft(), incident, large, phone.now()) }
        assertEquals("too_large", tooLarge.code)

        val conclusion = bare.copy(cause = "a digger", responsibility = "carrier", countermeasure = "second line")
        val shown = app.closeText(conclusion, phone.now())
        val unseen = refused<DutylogException.Rejected> { app.closeIncident(phone.draft(), conclusion, digest = null, phone.now()) }
        assertEquals("shown_text_changed", unseen.code)
        app.closeIncident(phone.draft(), conclusion, shown.digest, phone.now())
        assertTrue(app.incident(incident, phone.now()).row.closed)
        val late = refused<DutylogException.Rejected> { app.closeIncident(phone.draft(), conclusion, shown.digest, phone.now()) }
        assertEquals("incident_closed", late.code)
    }

    @Test
    fun `what a person may not do is refused and what is mistyped is told`() {
        val phone = phone("phone", LIU_NUMBER)
        val (app, draft) = phone.app to phone.draft()
        val half = NewIncident(IncidentKind.OTHER, fromRound = null, fromItem = 1u, intake = IncidentIntake())
        val argument = refused<DutylogException.BadArgument> { app.raiseIncident(draft, half, phone.now()) }
        assertEquals("from_item", argument.argument)
        val incident = app.raiseIncident(draft, half.copy(fromItem = null), phone.now()).record
        phone.signIn(LIU)
        val conclusion = Conclusion(incident)
        val notAllowed = refused<DutylogException.Rejected> { app.closeIncident(phone.draft(), conclusion, null, phone.now()) }
        assertEquals("not_allowed", notAllowed.code)
        val none = refused<DutylogException.Rejected> { app.incident("0".repeat(32), phone.now()) }
        assertEquals("not_here", none.code)
        val page = app.incidents(cursor = null, limit = 1u)
        assertEquals(listOf(incident), page.rows.map { it.id })
        assertEquals(emptyList<IncidentRow>(), app.incidents(checkNotNull(page.next), 1u).rows)
        for (limit in listOf(0u, 201u)) {
            assertEquals("limit", refused<DutylogException.BadArgument> { app.incidents(null, limit) }.argument)
        }
        assertEquals("cursor", refused<DutylogException.BadArgument> { app.incidents("here", 1u) }.argument)
    }

    @Test
    fun `what a locked phone recorded is claimed by whoever it was`() {
        val (phone, other) = phone("phone", LIU_NUMBER) to phone("other", ZHANG_NUMBER)
        val app = phone.app
        val saved = app.raiseIncident(phone.draft(), NewIncident(IncidentKind.FIRE, intake = IncidentIntake()), phone.now())
        assertEquals(listOf(saved.entry), app.unclaimed(saved.record).map { it.entry })
        phone.signIn(LIU)
        app.claim(phone.draft(), saved.entry, phone.now())
        assertTrue(app.unclaimed(saved.record).isEmpty())
        val mine = app.comment(phone.draft(), saved.record, "it was me", phone.now())
        val signed = refused<DutylogException.Rejected> { app.claim(phone.draft(), mine.entry, phone.now()) }
        assertEquals("already_claimed", signed.code)

        phone.deliver()
        other.deliver()
        other.signIn(ZHANG)
        val elsewhere = refused<DutylogException.Rejected> { other.app.claim(other.draft(), saved.entry, other.now()) }
        assertEquals("entry_elsewhere", elsewhere.code)
        assertEquals("entry", refused<DutylogException.BadArgument> { app.claim(phone.draft(), "an entry", phone.now()) }.argument)
    }

    @Test
    fun `a draft is recorded once whatever happened in between`() {
        val phone = phone("phone")
        val (draft, incident) = phone.draft() to NewIncident(IncidentKind.WATER, intake = IncidentIntake(nature = "a leak"))
        val saved = phone.app.raiseIncident(draft, incident, phone.now())
        phone.logbook.shutdown()
        phone.open()
        val again = phone.app.raiseIncident(draft, incident, phone.now())
        assertTrue(again.repeated && !saved.repeated && again.entry == saved.entry)
        assertEquals(1, phone.app.incidents(null, 10u).rows.size)
    }
}
