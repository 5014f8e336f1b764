package org.dutylog

/** Stable, for programs and support. */
public val DutylogException.code: String get() = told.code

/** What happened, in the phone's language, to be shown. */
public val DutylogException.sentence: String get() = told.sentence

/** What to do now, in the phone's language, to be shown below [sentence]. */
public val DutylogException.whatToDo: String get() = told.whatToDo

/** Whether the same call may succeed later without anything being changed. */
public val DutylogException.retryable: Boolean get() = told.retryable

/** What every kind of error carries, each in fields of its own. */
private class Told(val code: String, val sentence: String, val whatToDo: String, val retryable: Boolean)

private val DutylogException.told: Told
    get() = when (this) {
        is DutylogException.Rejected -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
        is DutylogException.SignIn -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
        is DutylogException.Exchange -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
        is DutylogException.Storage -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
        is DutylogException.Keys -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
        is DutylogException.Paused -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
        is DutylogException.BadArgument -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
        is DutylogException.Fault -> Told(this.code, this.sentence, this.whatToDo, this.retryable)
    }
