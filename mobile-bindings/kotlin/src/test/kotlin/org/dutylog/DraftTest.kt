package org.dutylog

import org.dutylog.testing.SiteTest
import org.dutylog.testing.refused
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What people have typed and not saved yet. */
class DraftTest : SiteTest() {
    @Test
    fun `a draft belongs to its author and ends as it is saved`() {
        val phone = phone("phone", ZHANG_NUMBER, LIU_NUMBER)
        val app = phone.app
        phone.signIn(ZHANG)
        val (comment, incident) = phone.draft() to phone.draft()
        app.saveDraft(comment, DraftKind.COMMENT, "{\"text\": \"half a sen\"}", phone.now())
        app.saveDraft(incident, DraftKind.INCIDENT, "水", phone.now())
        assertEquals(setOf(comment, incident), app.drafts().map { it.id }.toSet())
        assertEquals("水", app.drafts().single { it.kind == DraftKind.INCIDENT }.content)

        phone.signIn(LIU)
        val shut = app.drafts().single { it.id == comment }
        assertNull(shut.content)
        assertEquals(ZHANG, shut.authorName)
        val others = refused<DutylogException.SignIn> { app.saveDraft(comment, DraftKind.COMMENT, "mine", phone.now()) }
        assertEquals("others_draft", others.code)
        assertEquals("others_draft", refused<DutylogException.SignIn> { app.discardDraft(comment) }.code)

        phone.signIn(ZHANG)
        app.raiseIncident(incident, NewIncident(IncidentKind.WATER, intake = IncidentIntake()), phone.now())
        app.discardDraft(comment)
        assertTrue(app.drafts().isEmpty())
        val long = refused<DutylogException.BadArgument> {
            app.saveDraft(phone.draft(), DraftKind.COMMENT, "x".repeat(256 * 1024 + 1), phone.now())
        }
        assertEquals("content", long.argument)
        assertEquals("draft", refused<DutylogException.BadArgument> { app.discardDraft("a draft") }.argument)
    }
}
