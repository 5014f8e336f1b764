package org.dutylog

import java.io.IOException
import kotlinx.coroutines.withContext

/**
 * Sends the enrolment and makes the logbook of the answer. May be called again after any error but `enrolment_refused`.
 *
 * @throws IOException if no answer came: the enrolment is kept, and [pendingEnrolment] finds it even after a kill.
 * @throws DutylogException as [Enrolling.finish] does.
 */
public suspend fun EnrollingInterface.finish(http: Http): Logbook =
    withContext(LogbookDispatcher) { finish(http.send(request())) }

/**
 * Enrols a person on this phone, so that they can sign in with or without network from now on.
 *
 * @param code what an administrator made for this person.
 * @param pin what the person chooses: six digits or more, or any longer text.
 * @throws IOException if no answer came: [finishPerson] goes on.
 * @throws DutylogException as [Logbook.enrolPerson] and [Logbook.personEnrolled] do.
 */
public suspend fun LogbookInterface.enrolPerson(staffNumber: String, code: String, pin: String, http: Http): Unit =
    withContext(LogbookDispatcher) { send(enrolPerson(staffNumber, code, pin), http) }

/**
 * Goes on with the enrolment of a person that waits for an answer; false if none does.
 *
 * @throws IOException if no answer came this time either.
 * @throws DutylogException as [Logbook.personEnrolled] does.
 */
public suspend fun LogbookInterface.finishPerson(http: Http): Boolean =
    withContext(LogbookDispatcher) { pendingPerson()?.let { send(it, http) } != null }

private suspend fun LogbookInterface.send(first: HttpRequest, http: Http) {
    var request: HttpRequest? = first
    // The server may want it once more, signed anew.
    while (request != null) request = personEnrolled(http.send(request))
}
