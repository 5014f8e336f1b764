package org.dutylog.sample

import org.dutylog.Answer
import org.dutylog.Decision
import org.dutylog.Delivered
import org.dutylog.FrozenHandover
import org.dutylog.HandoverForm
import org.dutylog.HandoverPreparation
import org.dutylog.Http
import org.dutylog.IncidentIntake
import org.dutylog.IncidentKind
import org.dutylog.ItemRow
import org.dutylog.ItemStatus
import org.dutylog.LineAnswer
import org.dutylog.LogbookInterface
import org.dutylog.NewIncident
import org.dutylog.NextOwner
import org.dutylog.Presence
import org.dutylog.Proof
import org.dutylog.Reading
import org.dutylog.RoundTask
import org.dutylog.Saved
import org.dutylog.Shift
import org.dutylog.ToSign
import org.dutylog.io
import org.dutylog.synchronize

/**
 * One round, one incident, one handover and the delivery of it all, as an app's view models would do it.
 *
 * Each function is what one screen does. Nothing here may be called twice by accident: a form takes its draft when it is opened, and
 * hands the same one over with every try.
 */
class Duty(private val app: LogbookInterface, private val reading: () -> Reading) {
    // A round ----------------------------------------------------------------------------------------------------------

    /** Starts the first round that the plan asks for now; gives its identifier. */
    suspend fun startRound(draft: String): String = app.io {
        val planned = plannedRounds(reading()).first { it.round == null }
        startRound(draft, RoundTask.Planned(planned.plan, planned.startsMs, planned.endsMs), reading()).record
    }

    /** A tag was read at a checkpoint: what is asked there. */
    suspend fun arrive(draft: String, round: String, checkpoint: UInt, tag: String): List<ItemRow> = app.io {
        reachCheckpoint(draft, round, checkpoint, Proof(Presence.NFC, tag), reading())
        round(round, reading()).checkpoints.single { it.number == checkpoint }.items
    }

    /** An item was answered; [typed] is the reading as it stands on the instrument, such as `0.45`. */
    suspend fun answer(draft: String, round: String, item: ItemRow, status: ItemStatus, typed: String?): Saved = app.io {
        // Readings are whole numbers of the smallest step: no rounding, in no country.
        val reading = typed?.toBigDecimal()?.movePointRight(item.decimals.toInt())?.longValueExact()
        answerItem(draft, Answer(round, item.number, status, reading), this@Duty.reading())
    }

    /** Everything else at a checkpoint is as it should be. */
    suspend fun restIsNormal(draft: String, round: String, checkpoint: UInt): Saved =
        app.io { restNormal(draft, round, checkpoint, reading()) }

    /** What the person has to see before they sign. */
    suspend fun textOf(round: String): ToSign = app.io { roundText(round, reading()) }

    /** The person has seen [shown] and signs exactly that. */
    suspend fun sign(draft: String, round: String, shown: ToSign): Saved =
        app.io { signRound(draft, round, shown.digest, shown.shownAtMs, reading()) }

    // An incident ------------------------------------------------------------------------------------------------------

    /** The big red button: works while nobody is signed in, and asks for nothing but the kind. */
    suspend fun raise(draft: String, kind: IncidentKind): String =
        app.io { raiseIncident(draft, NewIncident(kind, intake = IncidentIntake()), reading()).record }

    /** What was found out meanwhile. */
    suspend fun tell(draft: String, incident: String, intake: IncidentIntake): Saved =
        app.io { detailIncident(draft, incident, intake, reading()) }

    // A handover -------------------------------------------------------------------------------------------------------

    /** What is open at the end of a shift, gathered by rule. Nothing is recorded. */
    suspend fun prepareHandover(shift: Shift): HandoverPreparation =
        app.io { prepareHandover(shift, handover = null, reading()) }

    /** The lead has named who takes over and has looked at every line: the text that both leads sign. */
    suspend fun freeze(prepared: HandoverPreparation, shift: Shift, to: String): FrozenHandover = app.io {
        val form = HandoverForm(
            handover = prepared.handover,
            shift = shift,
            to = to,
            owners = prepared.items.filter { it.needsOwner }.map { NextOwner(it.item, person = to) },
            lines = prepared.lines.map { LineAnswer(it.line, ItemStatus.NORMAL) },
            watch = emptyList(),
            resources = emptyList(),
        )
        freezeHandover(form, reading())
    }

    /** The outgoing lead signs what was frozen and shown. */
    suspend fun offer(draft: String, frozen: FrozenHandover): Saved =
        app.io { offerHandover(draft, frozen.handover, frozen.digest, reading()) }

    /** The incoming lead, who has seen the same text, takes over. */
    suspend fun accept(draft: String, handover: String): Saved =
        app.io { answerHandover(draft, handover, Decision.ACCEPT, remarks = "", reading()) }

    // In the background ------------------------------------------------------------------------------------------------

    /** What a background task does; whether it is to be tried again. It keeps no state: every step is on the disk. */
    suspend fun deliver(http: Http): Background {
        val report = app.synchronize(http, reading)
        return when (report.delivered) {
            Delivered.ALL -> Background.DONE
            Delivered.NOT_ALL -> Background.TRY_AGAIN
            Delivered.ALARM -> Background.TELL_HEADQUARTERS
        }
    }

    /** How a background task ended: on Android `Result.success()`, `Result.retry()`, and a notification. */
    enum class Background {
        /** Everything is across. */
        DONE,

        /** The rest waits on the phone. */
        TRY_AGAIN,

        /** The server contradicts itself: no attempt of the phone's changes that. */
        TELL_HEADQUARTERS,
    }
}
