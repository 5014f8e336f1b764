package org.dutylog

import java.nio.file.Path
import kotlin.io.path.writeLines
import org.dutylog.testing.Coverage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Order
import org.junit.jupiter.api.Test

/**
 * That the tests before this one have called every method of the boundary and met every kind of error.
 *
 * It speaks of a whole run, and fails when it is run alone.
 */
@Order(Int.MAX_VALUE)
class CoverageTest {
    @Test
    fun `every method was called`() {
        val boundary = listOf(
            LogbookInterface::class.java,
            EnrollingInterface::class.java,
            SyncRunInterface::class.java,
            SubscriptionInterface::class.java,
            KeyStore::class.java,
        )
        val uncalled = boundary.flatMap(Coverage::methodsOf).toSet() - Coverage.methods
        assertEquals(emptySet<String>(), uncalled)
    }

    @Test
    fun `every kind of error was met`() {
        val kinds = DutylogException::class.java.declaredClasses.filter { DutylogException::class.java.isAssignableFrom(it) }
        assertEquals(8, kinds.size)
        val met = Coverage.errors.map { it.substringBefore(' ') }.toSet()
        assertEquals(emptySet<String>(), kinds.map { it.simpleName }.toSet() - met)
    }

    /** The codes are compared with all that there are by whoever knows them. */
    @Test
    fun `the codes that were met are noted`() {
        Path.of(System.getProperty("dutylog.test.codes")).writeLines(Coverage.errors)
    }
}
