package org.dutylog.bench

import java.security.SecureRandom
import org.dutylog.Answer
import org.dutylog.ItemStatus
import org.dutylog.Language
import org.dutylog.Logbook
import org.dutylog.Options
import org.dutylog.Reading
import org.dutylog.softwareKeyStore

/** A phone that was handed over with its files, and the calls that are made on it: [Calls.made] says how many microseconds each took. */
private class Calls(
    folder: String,
    pin: String,
    person: String,
    round: String,
    item: String,
    private val incident: String,
    wallMs: String,
    monotonicMs: String,
) {
    private val now = Reading(wallMs.toLong(), zoneMinutes = 480, monotonicMs.toLong(), boot = "a boot")
    private val answer = Answer(round, item.toUInt(), ItemStatus.NORMAL)
    private val app = run {
        // The first phone of its site: its secret is its number.
        val keys = softwareKeyStore("$folder/keys", ByteArray(32) { 1 }, random())
        Logbook.open(Options("$folder/logbook", Language.ENGLISH, random()), keys, now)
    }

    init {
        app.signIn(person, pin, now)
    }

    fun made(call: String): Double = when (call) {
        "commit" -> app.newDraft().let { draft -> timed { app.answerItem(draft, answer, now) } }
        "page" -> timed { app.incidents(null, 200u) }
        "detail" -> timed { app.incident(incident, now) }
        "step" -> timed { app.beginSync().use { it.next(now) } }
        else -> error("no such call: $call")
    }
}

private fun random() = ByteArray(32).also(SecureRandom()::nextBytes)

private inline fun timed(call: () -> Unit): Double {
    val started = System.nanoTime()
    call()
    return (System.nanoTime() - started) / 1_000.0
}

/** Makes the calls that it is told to make, one line each: `page 10`. The arguments are the phone's folder and what [Calls] takes. */
fun main(arguments: Array<String>) {
    val calls = arguments.let { (folder, pin, person, round, item) ->
        Calls(folder, pin, person, round, item, arguments[5], arguments[6], arguments[7])
    }
    for (line in generateSequence(::readlnOrNull)) {
        val (call, times) = line.split(' ')
        println(List(times.toInt()) { calls.made(call) }.joinToString(" "))
    }
}
