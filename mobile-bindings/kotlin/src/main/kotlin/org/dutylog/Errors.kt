package org.dutylog

/** Stable, for programs and support. */
public val DutylogException.code: String
    get() = when (this) {
        is DutylogException.Rejected -> this.code
        is DutylogException.SignIn -> this.code
        is DutylogException.Exchange -> this.code
        is DutylogException.Storage -> this.code
        is DutylogException.Keys -> this.code
        is DutylogException.Paused -> this.code
        is DutylogException.BadArgument -> this.code
        is DutylogException.Fault -> this.code
    }

/** What happened, in the phone's language, to be shown. */
public val DutylogException.sentence: String
    get() = when (this) {
        is DutylogException.Rejected -> this.sentence
        is DutylogException.SignIn -> this.sentence
        is DutylogException.Exchange -> this.sentence
        is DutylogException.Storage -> this.sentence
        is DutylogException.Keys -> this.sentence
        is DutylogException.Paused -> this.sentence
        is DutylogException.BadArgument -> this.sentence
        is DutylogException.Fault -> this.sentence
    }

/** What to do now, in the phone's language, to be shown below [sentence]. */
public val DutylogException.whatToDo: String
    get() = when (this) {
        is DutylogException.Rejected -> this.whatToDo
        is DutylogException.SignIn -> this.whatToDo
        is DutylogException.Exchange -> this.whatToDo
        is DutylogException.Storage -> this.whatToDo
        is DutylogException.Keys -> this.whatToDo
        is DutylogException.Paused -> this.whatToDo
        is DutylogException.BadArgument -> this.whatToDo
        is DutylogException.Fault -> this.whatToDo
    }

/** Whether the same call may succeed later without anything being changed. */
public val DutylogException.retryable: Boolean
    get() = when (this) {
        is DutylogException.Rejected -> this.retryable
        is DutylogException.SignIn -> this.retryable
        is DutylogException.Exchange -> this.retryable
        is DutylogException.Storage -> this.retryable
        is DutylogException.Keys -> this.retryable
        is DutylogException.Paused -> this.retryable
        is DutylogException.BadArgument -> this.retryable
        is DutylogException.Fault -> this.retryable
    }
