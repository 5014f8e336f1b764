package org.dutylog.sample

import java.security.SecureRandom
import org.dutylog.Delivered
import org.dutylog.Enrolling
import org.dutylog.Http
import org.dutylog.IncidentIntake
import org.dutylog.IncidentKind
import org.dutylog.Language
import org.dutylog.NewIncident
import org.dutylog.Options
import org.dutylog.Reading
import org.dutylog.Topic
import org.dutylog.enrolPerson
import org.dutylog.finish
import org.dutylog.io
import org.dutylog.softwareKeyStore
import org.dutylog.synchronize
import org.dutylog.watch

/** The ten lines of the README: from the QR code to a list that keeps itself up to date. */
suspend fun tenLines(person: Newcomer, noBackup: String, secret: ByteArray, http: Http, reading: () -> Reading, show: (Any) -> Unit) {
    // The README begins.
    val keys = softwareKeyStore("$noBackup/keys", secret, random(32))
    val options = Options("$noBackup/logbook", Language.CHINESE, random(32))
    val app = Enrolling.begin(options, keys, person.qrText, "巡检 2", reading()).finish(http)   // once; then Logbook.open(options, keys, reading())
    app.enrolPerson(person.staffNumber, person.code, person.pin, http)                         // once for each person on this phone
    app.synchronize(http, reading)
    val self = app.io { people(reading()).single { it.staffNumber == person.staffNumber } }
    app.io { signIn(self.id, person.pin, reading()) }
    app.io { raiseIncident(newDraft(), NewIncident(IncidentKind.WATER, intake = IncidentIntake(nature = "漏水")), reading()) }
    app.synchronize(http, reading).let { if (it.delivered != Delivered.ALL) show(it.sentence) }
    app.watch(Topic.INCIDENTS) { incidents(cursor = null, limit = 50u).rows }.collect(show)
    // The README ends.
}

/** What the administrator shows and says to somebody who is new on a phone, and the PIN they choose. */
class Newcomer(val qrText: String, val staffNumber: String, val code: String, val pin: String)

private fun random(bytes: Int) = ByteArray(bytes).also(SecureRandom()::nextBytes)
