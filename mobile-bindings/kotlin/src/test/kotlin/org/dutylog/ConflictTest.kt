package org.dutylog

import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What two people wrote without having seen each other. */
class ConflictTest : SiteTest() {
    @Test
    fun `two values wait for a person and the chosen one stands`() {
        val (one, two) = phone("one", ZHANG_NUMBER) to phone("two", LI_NUMBER)
        one.signIn(ZHANG)
        two.signIn(LI)
        val incident = one.app.raiseIncident(
            one.draft(), NewIncident(IncidentKind.WATER, intake = IncidentIntake()), one.now(),
        ).record
        one.deliver()
        two.deliver()
        tell(one, incident, "pump house 1")
        tell(two, incident, "intake gate")
        listOf(one, two, one).forEach(Phone::deliver)

        val conflict = one.app.conflicts(record = null).single()
        assertEquals(listOf(conflict), one.app.conflicts(incident))
        assertEquals(setOf("pump house 1", "intake gate"), conflict.values.map { it.text }.toSet())
        assertEquals(setOf(ZHANG, LI), conflict.values.map { it.author }.toSet())
        assertEquals(1u, one.app.incidents(null, 10u).rows.single().conflicts)

        val chosen = conflict.values.single { it.text == "intake gate" }
        val value = refused<DutylogException.BadArgument> { settle(one, conflict, "a value") }
        assertEquals("value", value.argument)
        val cell = refused<DutylogException.BadArgument> { settle(one, conflict.copy(cell = "a cell"), chosen.value) }
        assertEquals("cell", cell.argument)
        // The value as it crosses is the encoded one; this is another text.
        val other = "68" + "elsewhere".take(8).toByteArray().joinToString("") { "%02x".format(it) }
        assertEquals("not_a_live_value", refused<DutylogException.Rejected> { settle(one, conflict, other) }.code)
        settle(one, conflict, chosen.value)
        assertEquals("nothing_to_settle", refused<DutylogException.Rejected> { settle(one, conflict, chosen.value) }.code)
        listOf(one, two).forEach(Phone::deliver)
        for (phone in listOf(one, two)) {
            assertTrue(phone.app.conflicts(record = null).isEmpty())
            assertEquals("intake gate", phone.app.incident(incident, phone.now()).row.place)
        }
    }

    @Test
    fun `where neither was right a new value stands`() {
        val (one, two) = phone("one", ZHANG_NUMBER) to phone("two", LI_NUMBER)
        one.signIn(ZHANG)
        two.signIn(LI)
        val new = NewIncident(IncidentKind.WATER, intake = IncidentIntake())
        val incident = one.app.raiseIncident(one.draft(), new, one.now()).record
        one.deliver()
        two.deliver()
        tell(one, incident, "pump house 1")
        tell(two, incident, "intake gate")
        listOf(one, two, one).forEach(Phone::deliver)
        val (app, conflict) = one.app to one.app.conflicts(incident).single()
        val unfit = refused<DutylogException.Rejected> {
            app.settleConflictAnew(one.draft(), incident, conflict.cell, NewValue.YesNo(true), one.now())
        }
        assertEquals("value_unfit", unfit.code)
        app.settleConflictAnew(one.draft(), incident, conflict.cell, NewValue.Text("between the two"), one.now())
        assertEquals("between the two", app.incident(incident, one.now()).row.place)
    }

    @Test
    fun `a round with disputed answers is not signed`() {
        val (one, two) = phone("one", LIU_NUMBER) to phone("two", WANG_NUMBER)
        one.signIn(LIU)
        two.signIn(WANG)
        val daily = one.app.checklists().first { it.name == "daily checklist" }
        val round = one.app.startRound(one.draft(), RoundTask.Checklist(daily.id), one.now()).record
        one.deliver()
        two.deliver()
        for ((phone, status) in listOf(one to ItemStatus.NORMAL, two to ItemStatus.ABNORMAL)) {
            val answer = Answer(round, 1u, status, note = phone.folder.fileName.toString())
            phone.app.answerItem(phone.draft(), answer, phone.now())
        }
        for (checkpoint in 1u..4u) one.app.skipCheckpoint(one.draft(), round, checkpoint, "flooded", one.now())
        listOf(one, two, one).forEach(Phone::deliver)
        val disputed = one.app.round(round, one.now()).checkpoints.flatMap { it.items }.filter { it.disputed }
        assertEquals(listOf(1u), disputed.map { it.number })
        assertEquals("items_disputed", refused<DutylogException.Rejected> { one.app.roundText(round, one.now()) }.code)
    }

    private fun tell(phone: Phone, incident: String, place: String) {
        phone.app.detailIncident(phone.draft(), incident, IncidentIntake(place = place), phone.now())
    }

    private fun settle(phone: Phone, conflict: ConflictRow, value: String) {
        phone.app.settleConflict(phone.draft(), conflict.record, conflict.cell, value, phone.now())
    }
}
