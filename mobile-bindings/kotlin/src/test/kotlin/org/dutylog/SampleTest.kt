package org.dutylog

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import org.dutylog.sample.Duty
import org.dutylog.sample.Newcomer
import org.dutylog.sample.tenLines
import org.dutylog.testing.PIN
import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.clocksOf
import org.dutylog.testing.inTime
import org.dutylog.testing.random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What a phone developer copies from works. */
class SampleTest : SiteTest() {
    @Test
    fun `the ten lines of the README show the incident`() = inTime {
        val phone = Phone(folder.resolve("phone"))
        val newcomer = Newcomer(server.phoneCode(), ZHANG_NUMBER, server.personCode(ZHANG_NUMBER), PIN)
        val shown = CompletableDeferred<Any>()
        val noBackup = folder.resolve("sample").toString()
        val running = launch { tenLines(newcomer, noBackup, random(32), phone.http, clocksOf(phone)) { shown.complete(it) } }
        val row = (shown.await() as List<*>).single() as IncidentRow
        assertEquals("漏水" to Delivery.RECEIVED, row.nature to row.delivery)
        running.cancelAndJoin()
    }

    @Test
    fun `a round an incident and a handover are recorded and delivered`() = inTime {
        val phone = phone("phone", ZHANG_NUMBER, LI_NUMBER, LIU_NUMBER)
        val duty = Duty(phone.app, clocksOf(phone))
        phone.signIn(LIU)
        val round = duty.startRound(phone.draft())
        for (checkpoint in 1u..4u) {
            val items = duty.arrive(phone.draft(), round, checkpoint, TAGS.getValue(checkpoint))
            val (readings, states) = items.partition { it.asksReading }
            for (item in readings) duty.answer(phone.draft(), round, item, ItemStatus.NORMAL, READINGS.getValue(item.number))
            if (states.isNotEmpty()) duty.restIsNormal(phone.draft(), round, checkpoint)
        }
        val text = duty.textOf(round)
        assertTrue("0.45 MPa" in text.text, text::text)
        duty.sign(phone.draft(), round, text)

        val incident = duty.raise(phone.draft(), IncidentKind.POWER)
        duty.tell(phone.draft(), incident, IncidentIntake(nature = "flicker", place = "switch room"))

        phone.signIn(ZHANG)
        val shift = phone.runningShift()
        val frozen = duty.freeze(duty.prepareHandover(shift), shift, to = phone.person(LI))
        duty.offer(phone.draft(), frozen)
        phone.signIn(LI)
        duty.accept(phone.draft(), frozen.handover)
        assertEquals("accepted", phone.app.handover(frozen.handover).row.state)

        phone.online = false
        assertEquals(Duty.Background.TRY_AGAIN, duty.deliver(phone.http))
        phone.online = true
        assertEquals(Duty.Background.DONE, duty.deliver(phone.http))
        assertEquals(0uL, phone.app.outbox().entries)
    }

    private companion object {
        val TAGS = mapOf(1u to "QSL-P1", 2u to "QSL-E1", 3u to "QSL-G1", 4u to "QSL-C1")
        val READINGS = mapOf(2u to "0.45", 3u to "45.5", 6u to "10.00", 8u to "103.00", 10u to "21.5")
    }
}
