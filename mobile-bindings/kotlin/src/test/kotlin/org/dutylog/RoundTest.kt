package org.dutylog

import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Walking rounds: what is planned, what is answered, what is left out, what is signed. */
class RoundTest : SiteTest() {
    @Test
    fun `a round is walked with its limits and gaps and signed`() {
        val phone = phone("phone", LIU_NUMBER)
        phone.signIn(LIU)
        val app = phone.app
        val round = freeRound(phone)
        app.reachCheckpoint(phone.draft(), round, 2u, Proof(Presence.QR, "QSL-E1"), phone.now())
        answer(phone, round, 4u)
        val damp = Answer(round, 5u, ItemStatus.ABNORMAL, note = "damp")
        app.answerItem(phone.draft(), damp, phone.now())
        answer(phone, round, 6u, reading = 1_080)
        for (checkpoint in listOf(1u, 3u, 4u)) {
            app.skipCheckpoint(phone.draft(), round, checkpoint, "flooded", phone.now())
        }

        val detail = app.round(round, phone.now())
        assertEquals(0u, detail.open)
        val switchRoom = detail.checkpoints.single { it.number == 2u }
        val voltage = switchRoom.items.single { it.number == 6u }
        assertEquals("kV" to 2u, voltage.unit to voltage.decimals)
        assertEquals(listOf<Long?>(900, 930, 1_070, 1_100), voltage.run { listOf(lowAlarm, lowWarn, highWarn, highAlarm) })
        assertEquals(1_080L to Verdict.WARNING, voltage.reading to voltage.verdict)
        assertEquals("flooded", detail.checkpoints.single { it.number == 1u }.skipped)

        val shown = app.roundText(round, phone.now())
        val other = refused<DutylogException.Rejected> {
            app.signRound(phone.draft(), round, "0".repeat(64), shown.shownAtMs, phone.now())
        }
        assertEquals("shown_text_changed", other.code)
        app.signRound(phone.draft(), round, shown.digest, shown.shownAtMs, phone.now())
        assertEquals(listOf(LIU), app.round(round, phone.now()).signers)
        val row = app.rounds(null, 10u).rows.single()
        assertEquals(RoundState.SIGNED to 3u, row.state to row.answered)
        assertEquals(1u, row.flagged)
        val again = refused<DutylogException.Rejected> {
            app.signRound(phone.draft(), round, shown.digest, shown.shownAtMs, phone.now())
        }
        assertEquals("already_signed", again.code)
        assertEquals("round_signed", refused<DutylogException.Rejected> { answer(phone, round, 4u) }.code)
    }

    @Test
    fun `a whole round is left out begun or not`() {
        val phone = phone("phone", LIU_NUMBER)
        phone.signIn(LIU)
        val begun = freeRound(phone)
        phone.app.skipRound(phone.draft(), SkippedRound.Begun(begun), "storm", phone.now())
        assertEquals(RoundState.SKIPPED, phone.app.round(begun, phone.now()).state)
        assertEquals("round_skipped", refused<DutylogException.Rejected> { answer(phone, begun, 1u) }.code)

        val planned = phone.app.plannedRounds(phone.now()).first()
        val skipped = SkippedRound.Planned(planned.plan, planned.startsMs, planned.endsMs)
        phone.app.skipRound(phone.draft(), skipped, "storm", phone.now())
        assertEquals(RoundStatus.SKIPPED, phone.app.plannedRounds(phone.now()).first().status)
        val window = RoundTask.Planned(planned.plan, planned.startsMs + 1, planned.endsMs)
        val none = refused<DutylogException.Rejected> { phone.app.startRound(phone.draft(), window, phone.now()) }
        assertEquals("no_such_window", none.code)
    }

    @Test
    fun `what a checklist does not ask is refused with a reason`() {
        val phone = phone("phone", LIU_NUMBER, LI_NUMBER)
        phone.signIn(LIU)
        val (app, round) = phone.app to freeRound(phone)
        fun rejected(call: () -> Unit) = refused<DutylogException.Rejected>(call).code
        assertEquals("no_such_item", rejected { answer(phone, round, 99u) })
        assertEquals("reading_missing", rejected { answer(phone, round, 2u) })
        assertEquals("reading_not_asked", rejected { answer(phone, round, 1u, reading = 5) })
        val elsewhere = Proof(Presence.NFC, "QSL-E1")
        assertEquals("wrong_tag", rejected { app.reachCheckpoint(phone.draft(), round, 1u, elsewhere, phone.now()) })
        assertEquals("no_such_checkpoint", rejected { app.restNormal(phone.draft(), round, 9u, phone.now()) })
        app.restNormal(phone.draft(), round, 2u, phone.now())
        assertEquals("nothing_left_normal", rejected { app.restNormal(phone.draft(), round, 2u, phone.now()) })
        val long = Answer(round, 1u, ItemStatus.NORMAL, note = "x".repeat(17_000))
        assertEquals("text_too_long", rejected { app.answerItem(phone.draft(), long, phone.now()) })
        val missing = "0123456789abcdef0123456789abcdef"
        assertEquals("not_here", rejected { app.round(missing, phone.now()) })
        val verdict = app.judgeAnswer(Answer(round, 3u, ItemStatus.NORMAL, reading = 455), phone.now())
        assertEquals(Verdict.NORMAL, verdict)
        val stranger = refused<DutylogException.BadArgument> { app.judgeAnswer(Answer("a round", 3u, ItemStatus.NORMAL), phone.now()) }
        assertEquals("answer.round", stranger.argument)
    }

    private fun freeRound(phone: Phone): String {
        val daily = phone.app.checklists().first { it.name == "daily checklist" }
        assertTrue(daily.items == 10u && daily.version > 0u)
        return phone.app.startRound(phone.draft(), RoundTask.Checklist(daily.id), phone.now()).record
    }

    private fun answer(phone: Phone, round: String, item: UInt, reading: Long? = null) {
        phone.app.answerItem(phone.draft(), Answer(round, item, ItemStatus.NORMAL, reading), phone.now())
    }
}
