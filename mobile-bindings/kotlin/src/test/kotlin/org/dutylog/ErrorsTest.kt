package org.dutylog

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** What every error says, whatever its kind. */
class ErrorsTest {
    @Test
    fun `code sentence advice and hope are at hand for all kinds`() {
        val (code, sentence, advice) = Triple("a_code", "It happened.", "Do this.")
        val all = listOf(
            DutylogException.Rejected(code, sentence, advice, true),
            DutylogException.SignIn(code, sentence, advice, true, waitMs = 0),
            DutylogException.Exchange(code, sentence, advice, true, serverCode = ""),
            DutylogException.Storage(code, sentence, advice, true, reason = ""),
            DutylogException.Keys(code, sentence, advice, true, reason = ""),
            DutylogException.Paused(code, sentence, advice, true),
            DutylogException.BadArgument(code, sentence, advice, true, argument = ""),
            DutylogException.Fault(code, sentence, advice, true),
        )
        for (error: DutylogException in all) {
            assertEquals(listOf<Any>(code, sentence, advice, true), error.run { listOf(this.code, this.sentence, this.whatToDo, retryable) })
        }
    }
}
