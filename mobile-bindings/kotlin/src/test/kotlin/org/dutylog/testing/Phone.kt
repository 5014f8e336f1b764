package org.dutylog.testing

import java.nio.file.Path
import java.security.SecureRandom
import kotlin.io.path.createDirectories
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.time.Duration
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.dutylog.Delivered
import org.dutylog.Enrolling
import org.dutylog.EnrollingInterface
import org.dutylog.Http
import org.dutylog.Language
import org.dutylog.Logbook
import org.dutylog.LogbookInterface
import org.dutylog.NoConnectionException
import org.dutylog.Options
import org.dutylog.Reading
import org.dutylog.Shift
import org.dutylog.SyncReport
import org.dutylog.UrlConnectionHttp
import org.dutylog.enrolPerson
import org.dutylog.finish
import org.dutylog.softwareKeyStore
import org.dutylog.synchronize
import org.junit.jupiter.api.Assertions.assertEquals

/** What everybody's PIN is. */
const val PIN = "246813"

/** A phone with its files in one folder. [online] is what airplane mode switches. */
class Phone(val folder: Path, private val language: Language = Language.ENGLISH) {
    var online = true

    /** How far the clocks were put forward, in milliseconds: a test has no time to wait. */
    var waited = 0L

    val keys = LentKeys(softwareKeys(folder))
    lateinit var logbook: Logbook
        private set

    /** The logbook, with notes being taken of what is called. */
    val app: LogbookInterface get() = Coverage.of<LogbookInterface>(logbook)

    fun options() = Options(folder.resolve("logbook").toString(), language, random(32))

    /** What the clocks say. The logbook reads none of its own. */
    fun now() = Reading(
        wallMs = System.currentTimeMillis() + waited,
        zoneMinutes = 480,
        monotonicMs = System.nanoTime() / 1_000_000 + waited,
        boot = "the first boot",
    )

    val http = Http { request ->
        if (!online) throw NoConnectionException()
        UrlConnectionHttp().send(request)
    }

    // What an app does with it ---------------------------------------------------------------------------------------

    fun enrolling(qrText: String, label: String = "Phone"): EnrollingInterface =
        Coverage.of<EnrollingInterface>(Enrolling.begin(options(), keys, qrText, label, now()))

    fun enrol(qrText: String, label: String = "Phone") = inTime {
        logbook = enrolling(qrText, label).finish(http)
    }

    /** After a kill, or a restart of the phone. */
    fun open() {
        logbook = Logbook.open(options(), keys, now())
    }

    fun enrolPerson(staffNumber: String, code: String) = inTime { app.enrolPerson(staffNumber, code, PIN, http) }

    fun signIn(name: String) = app.signIn(person(name), PIN, now())

    fun person(name: String): String = app.people(now()).single { it.name == name }.id

    fun post(name: String): String = app.posts(now()).single { it.name == name }.id

    fun runningShift(): Shift = app.shifts(now()).single { it.running }.let { Shift(it.date, it.key) }

    fun draft(): String = app.newDraft()

    /** One conversation. */
    fun sync(): SyncReport {
        lateinit var report: SyncReport
        inTime { report = app.synchronize(http, clocksOf(this@Phone)) }
        return report
    }

    /** One conversation that brings everything across. */
    fun deliver() {
        val report = sync()
        assertEquals(Delivered.ALL, report.delivered, report::toString)
    }
}

/** Runs a test's coroutines in virtual time. However slow the machine is, it makes no difference. */
fun inTime(body: suspend TestScope.() -> Unit) = runTest(timeout = Duration.INFINITE, testBody = body)

/** A phone's clocks in virtual time: they go forward by what a coroutine waits. */
fun TestScope.clocksOf(phone: Phone): () -> Reading {
    val before = phone.waited - currentTime
    return {
        phone.waited = before + currentTime
        phone.now()
    }
}

fun random(bytes: Int) = ByteArray(bytes).also(SecureRandom()::nextBytes)

/** On a phone the secret lies under a key of Android Keystore; here it lies in a file. */
private fun softwareKeys(folder: Path) = folder.createDirectories().resolve("secret").let { secret ->
    if (!secret.exists()) secret.writeBytes(random(32))
    softwareKeyStore(folder.resolve("keys").toString(), secret.readBytes(), random(32))
}
