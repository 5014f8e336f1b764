package org.dutylog

import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Handing over, beyond the plain way that the shift's test walks. */
class HandoverTest : SiteTest() {
    @Test
    fun `an offer can be taken back and made again`() {
        val phone = phone("phone", ZHANG_NUMBER, LI_NUMBER)
        phone.signIn(ZHANG)
        val app = phone.app
        val offered = offer(phone, to = LI)
        val own = refused<DutylogException.Rejected> {
            app.answerHandover(phone.draft(), offered, Decision.ACCEPT, "", phone.now())
        }
        assertEquals("own_handover", own.code)
        app.withdrawHandover(phone.draft(), offered, "a line is wrong", phone.now())
        val detail = app.handover(offered)
        assertEquals("withdrawn" to "a line is wrong", detail.row.state to detail.reason)
        val late = refused<DutylogException.Rejected> {
            app.withdrawHandover(phone.draft(), offered, "again", phone.now())
        }
        assertEquals("handover_stands", late.code)

        val again = offer(phone, to = LI)
        assertNotEquals(offered, again)
        phone.signIn(LI)
        val others = refused<DutylogException.Rejected> {
            app.withdrawHandover(phone.draft(), again, "not mine", phone.now())
        }
        assertEquals("not_outgoing", others.code)
        val silent = refused<DutylogException.Rejected> {
            app.answerHandover(phone.draft(), again, Decision.REFUSE, "", phone.now())
        }
        assertEquals("text_missing", silent.code)
        app.answerHandover(phone.draft(), again, Decision.REFUSE, "the keys are missing", phone.now())
        assertEquals("refused", app.handover(again).row.state)
    }

    @Test
    fun `nobody there to take over is no reason to stay`() {
        val phone = phone("phone", ZHANG_NUMBER, LI_NUMBER)
        phone.signIn(ZHANG)
        val frozen = phone.app.freezeHandover(form(phone, to = null), phone.now())
        val handover = frozen.handover
        phone.app.handOverAlone(phone.draft(), handover, frozen.digest, "the relief is stuck in the flood", phone.now())
        assertEquals("one_sided", phone.app.handover(handover).row.state)
        phone.signIn(LI)
        phone.app.answerHandover(phone.draft(), handover, Decision.ACCEPT, "", phone.now())
        assertEquals("accepted", phone.app.handover(handover).row.state)
    }

    @Test
    fun `what is missing is named and what changed is not signed`() {
        val phone = phone("phone", ZHANG_NUMBER)
        phone.signIn(ZHANG)
        val app = phone.app
        val open = NewIncident(IncidentKind.POWER, Severity.MEDIUM, intake = IncidentIntake(nature = "flicker"))
        app.raiseIncident(phone.draft(), open, phone.now())
        val whole = form(phone, to = LI)
        fun rejected(form: HandoverForm) = refused<DutylogException.Rejected> { app.freezeHandover(form, phone.now()) }.code
        assertEquals("owners_missing", rejected(whole.copy(owners = emptyList())))
        assertEquals("lines_unanswered", rejected(whole.copy(lines = emptyList())))
        assertEquals("own_handover", rejected(whole.copy(to = phone.person(ZHANG))))

        val frozen = app.freezeHandover(whole, phone.now())
        val unseen = refused<DutylogException.Rejected> {
            app.offerHandover(phone.draft(), frozen.handover, "f".repeat(64), phone.now())
        }
        assertEquals("shown_text_changed", unseen.code)
        val digest = refused<DutylogException.BadArgument> {
            app.offerHandover(phone.draft(), frozen.handover, "a digest", phone.now())
        }
        assertEquals("digest", digest.argument)
        val continued = app.prepareHandover(phone.runningShift(), frozen.handover, phone.now())
        assertEquals(frozen.handover, continued.handover)
        assertEquals("not_here", refused<DutylogException.Rejected> { app.handover("0".repeat(32)) }.code)
    }

    @Test
    fun `records from before the cut that come after it are taken notice of`() {
        val (lead, other) = phone("lead", ZHANG_NUMBER, LI_NUMBER, LIU_NUMBER) to phone("other")
        // Recorded on a phone without network, and delivered after the leads have signed.
        other.online = false
        val old = NewIncident(IncidentKind.WEATHER, intake = IncidentIntake(nature = "hail"))
        other.app.raiseIncident(other.draft(), old, other.now())
        lead.signIn(ZHANG)
        val handover = offer(lead, to = LI)
        lead.signIn(LI)
        lead.app.answerHandover(lead.draft(), handover, Decision.ACCEPT, "", lead.now())
        assertNull(lead.app.addendum(handover))
        lead.deliver()
        other.online = true
        other.deliver()
        lead.deliver()

        val addendum = checkNotNull(lead.app.addendum(handover)) { "the other phone's records came late" }
        assertTrue(addendum.entries > 0u && addendum.acknowledgedBy.isEmpty(), addendum::text)
        lead.signIn(LIU)
        val stranger = refused<DutylogException.Rejected> {
            lead.app.acknowledgeAddendum(lead.draft(), handover, addendum.digest, lead.now())
        }
        assertEquals("not_allowed", stranger.code)
        lead.signIn(LI)
        lead.app.acknowledgeAddendum(lead.draft(), handover, addendum.digest, lead.now())
        assertEquals(listOf(LI), lead.app.addendum(handover)?.acknowledgedBy)
    }

    /** What the lead of the running shift fills in. */
    private fun form(phone: Phone, to: String?): HandoverForm {
        val prepared = phone.app.prepareHandover(phone.runningShift(), handover = null, phone.now())
        val li = phone.person(LI)
        return HandoverForm(
            handover = prepared.handover,
            shift = phone.runningShift(),
            to = to?.let(phone::person),
            owners = prepared.items.filter { it.needsOwner }.map { NextOwner(it.item, li) },
            lines = prepared.lines.map { LineAnswer(it.line, ItemStatus.NORMAL) },
            watch = emptyList(),
            resources = emptyList(),
        )
    }

    private fun offer(phone: Phone, to: String): String {
        val frozen = phone.app.freezeHandover(form(phone, to), phone.now())
        phone.app.offerHandover(phone.draft(), frozen.handover, frozen.digest, phone.now())
        return frozen.handover
    }
}
