package org.dutylog

import java.nio.file.Path
import org.dutylog.testing.Phone
import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * A whole shift: two phones, one server, airplane mode, a kill in the middle, a handover by file.
 *
 * Read it from top to bottom: it is how an app talks to the logbook.
 */
class ShiftTest : SiteTest() {
    @Test
    fun `a whole shift is delivered`() {
        var day = phone("day", ZHANG_NUMBER, LIU_NUMBER)
        val night = phone("night", LI_NUMBER)
        assertEquals("Qingshiling pump station", day.app.site().name)

        // Airplane mode: from here on nothing reaches the server, and nothing has to.
        day.online = false
        night.online = false
        comesOnDuty(day)
        val round = beginsRound(day)
        day = killedInTheMiddle(day, round)
        val incident = finishesRound(day, round)
        runsIncident(day, incident)
        losesNothingOffline(day)
        val handover = handsOver(day, night, incident)
        closes(night, incident)

        // The night's phone meets the server first, and delivers for both.
        night.online = true
        day.online = true
        listOf(night, day, night).forEach(Phone::deliver)
        for (phone in listOf(day, night)) hasReceiptsForAll(phone, listOf(round, incident, handover))
    }

    private fun comesOnDuty(phone: Phone) {
        // A wrong PIN costs a try, and nothing else.
        val wrong = refused<DutylogException.SignIn> { phone.app.signIn(phone.person(LIU), "000001", phone.now()) }
        assertEquals("wrong_pin" to true, wrong.code to wrong.retryable)
        phone.signIn(LIU)
        val tag = Proof(Presence.NFC, evidence = "QSL-P1")
        phone.app.checkIn(phone.draft(), phone.runningShift(), phone.post("patrol staff"), tag, phone.now())
        val came = phone.app.attendance(phone.runningShift()).single()
        assertEquals(LIU to true, came.name to came.came)
    }

    private fun beginsRound(phone: Phone): String {
        val planned = phone.app.plannedRounds(phone.now()).first()
        val task = RoundTask.Planned(planned.plan, planned.startsMs, planned.endsMs)
        return phone.app.startRound(phone.draft(), task, phone.now()).record
    }

    /** Another process walks on, and is killed right after it said "saved": what was saved is there. */
    private fun killedInTheMiddle(phone: Phone, round: String): Phone {
        phone.app.pause()
        val walk = Walk.start(phone.folder, round)
        assertEquals("saved", walk.inputReader().readLine())
        walk.destroyForcibly().waitFor()

        val again = Phone(phone.folder)
        again.online = false
        again.open()
        assertNull(again.app.signedIn(), "a new process has nobody signed in")
        val items = again.app.round(round, again.now()).checkpoints.flatMap { it.items }
        assertEquals(listOf(1u), items.filter { it.done }.map { it.number })
        again.signIn(LIU)
        return again
    }

    private fun finishesRound(phone: Phone, round: String): String {
        val app = phone.app
        app.reachCheckpoint(phone.draft(), round, 1u, Proof(Presence.NFC, "QSL-P1"), phone.now())
        // 0.70 MPa, in hundredths: over the alarm limit, and said so while it is being typed.
        val high = Answer(round, item = 2u, ItemStatus.NORMAL, reading = 70)
        assertEquals(Verdict.ALARM, app.judgeAnswer(high, phone.now()))
        for ((item, reading) in listOf(2u to 70L, 3u to 455L, 6u to 1_000L, 8u to 10_300L, 10u to 215L)) {
            val answer = Answer(round, item, ItemStatus.NORMAL, reading)
            val draft = phone.draft()
            val saved = app.answerItem(draft, answer, phone.now())
            // The answer was lost on its way to the screen, so the app tries again: nothing is recorded twice.
            val again = app.answerItem(draft, answer, phone.now())
            assertTrue(again.repeated && again.entry == saved.entry)
        }
        for (checkpoint in listOf(2u, 4u)) app.restNormal(phone.draft(), round, checkpoint, phone.now())
        val open = refused<DutylogException.Rejected> { app.roundText(round, phone.now()) }
        assertTrue(open.code == "items_open" && "trash rack clear" in open.sentence, open::toString)
        app.restNormal(phone.draft(), round, 3u, phone.now())

        val shown = app.roundText(round, phone.now())
        assertTrue("outlet pressure: 0.70 MPa" in shown.text, shown::text)
        app.signRound(phone.draft(), round, shown.digest, shown.shownAtMs, phone.now())
        assertEquals(RoundState.SIGNED, app.round(round, phone.now()).state)
        val incident = NewIncident(
            IncidentKind.EQUIPMENT, Severity.HIGH, fromRound = round, fromItem = 2u,
            IncidentIntake(nature = "outlet pressure too high"),
        )
        return app.raiseIncident(phone.draft(), incident, phone.now()).record
    }

    private fun runsIncident(phone: Phone, incident: String) {
        val app = phone.app
        val told = IncidentIntake(
            occurredMs = phone.now().wallMs, reporter = LIU, contact = "13800000004", place = "pump house 1",
            firstState = "valve stuck", suggestion = "stop pump 1",
        )
        app.detailIncident(phone.draft(), incident, told, phone.now())
        app.addTimeline(phone.draft(), incident, "Pump 1 stopped.", atMs = null, phone.now())
        phone.signIn(ZHANG)
        app.acknowledge(phone.draft(), incident, phone.now())
        app.reportByPhone(phone.draft(), incident, to = "the duty office", phone.now())
        val detail = app.incident(incident, phone.now())
        assertEquals(detail.readBackCode, detail.phoneReports.single().code)
        assertEquals(listOf(ZHANG), detail.acknowledgedBy)
        assertEquals(listOf("Pump 1 stopped."), detail.timeline.map { it.text })
    }

    private fun losesNothingOffline(phone: Phone) {
        val report = phone.sync()
        assertEquals(Delivered.NOT_ALL to "unreachable", report.delivered to report.code)
        assertTrue(report.sentence.isNotEmpty() && report.whatToDo.isNotEmpty())
        val waiting = phone.app.outbox()
        assertTrue(waiting.entries > 10uL)
        assertNotNull(waiting.oldestMs)
    }

    private fun handsOver(day: Phone, night: Phone, incident: String): String {
        // What is open was gathered by the logbook; the lead names who takes it over, and answers the checklist.
        val (shift, li) = day.runningShift() to day.person(LI)
        val prepared = day.app.prepareHandover(shift, handover = null, day.now())
        assertTrue(prepared.items.any { it.record == incident && it.needsOwner })
        val form = HandoverForm(
            handover = prepared.handover,
            shift = shift,
            to = li,
            owners = prepared.items.filter { it.needsOwner }.map { NextOwner(it.item, person = li) },
            lines = prepared.lines.map { LineAnswer(it.line, ItemStatus.NORMAL) },
            watch = listOf(WatchItem("level of the forebay")),
            resources = listOf(Resource("generator fuel", ResourceState.SOUND, note = "four fifths")),
        )
        val frozen = day.app.freezeHandover(form, day.now())
        assertTrue("generator fuel" in frozen.text)
        day.app.offerHandover(day.draft(), frozen.handover, frozen.digest, day.now())

        // From phone to phone without any network: a file with what the other lacks.
        carry(from = day, to = night)
        night.signIn(LI)
        val offered = night.app.handovers(cursor = null, limit = 10u).rows.single()
        assertTrue(offered.yoursToAnswer)
        assertEquals(ZHANG, offered.fromName)
        val shown = night.app.handover(offered.id)
        assertEquals(frozen.text to frozen.digest, shown.text to shown.digest, "both sign the very same text")
        val remarks = "The left gate light is dim."
        night.app.answerHandover(night.draft(), offered.id, Decision.ACCEPT_WITH_REMARKS, remarks, night.now())
        carry(from = night, to = day)
        for (phone in listOf(day, night)) {
            val both = phone.app.handover(frozen.handover)
            assertEquals("accepted", both.row.state)
            assertEquals(listOf(ZHANG, LI), both.signatures.map { it.name })
        }
        return frozen.handover
    }

    private fun carry(from: Phone, to: Phone) {
        val file = folder.resolve("${from.folder.fileName}-to-${to.folder.fileName}").toString()
        from.app.exportTo(file, to.app.heads())
        val came = to.app.importFrom(file)
        assertTrue(came.stored > 0uL && !came.alarm, came::toString)
    }

    private fun closes(phone: Phone, incident: String) {
        val conclusion = Conclusion(
            incident, result = "valve replaced", cause = "corrosion", responsibility = "maintenance",
            countermeasure = "check every month",
        )
        val shown = phone.app.closeText(conclusion, phone.now())
        assertTrue("corrosion" in shown.text)
        phone.app.closeIncident(phone.draft(), conclusion, shown.digest, phone.now())
        assertTrue(phone.app.incident(incident, phone.now()).row.closed)
    }

    private fun hasReceiptsForAll(phone: Phone, records: List<String>) {
        val outbox = phone.app.outbox()
        assertEquals(0uL, outbox.entries)
        assertNotNull(outbox.lastReceiptMs)
        for (record in records) assertEquals(Delivery.RECEIVED, phone.app.delivery(record))
        assertTrue(phone.app.incidents(cursor = null, limit = 10u).rows.first().closed)
    }
}

/** A process that is killed: it walks on in a round, and says so once that is saved. */
object Walk {
    fun start(folder: Path, round: String): Process {
        val java = ProcessHandle.current().info().command().get()
        val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
        val classes = System.getProperty("java.class.path")
        return ProcessBuilder(java, library, "-cp", classes, javaClass.name, folder.toString(), round)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    }

    @JvmStatic
    fun main(arguments: Array<String>) {
        val (folder, round) = arguments
        val phone = Phone(Path.of(folder))
        phone.open()
        phone.signIn(SiteTest.LIU)
        phone.app.answerItem(phone.draft(), Answer(round, item = 1u, ItemStatus.NORMAL), phone.now())
        println("saved")
        Thread.currentThread().join()
    }
}
