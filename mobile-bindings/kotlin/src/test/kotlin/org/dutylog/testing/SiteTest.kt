package org.dutylog.testing

import java.nio.file.Path
import org.dutylog.Language
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.io.TempDir

/** A test with a site of its own: a server, and phones that are enrolled there. */
abstract class SiteTest {
    @TempDir
    lateinit var folder: Path

    lateinit var server: Server
        private set

    @BeforeEach
    fun startServer() {
        server = Server(folder.resolve("server"))
    }

    @AfterEach
    fun stopServer() = server.close()

    /** A phone that knows the site and where these people can sign in, by staff number. */
    fun phone(name: String, vararg people: String, language: Language = Language.ENGLISH): Phone {
        val phone = Phone(folder.resolve(name), language)
        phone.enrol(server.phoneCode(), name)
        phone.deliver()
        people.forEach { phone.enrolPerson(it, server.personCode(it)) }
        // What they may do arrives with what they are.
        if (people.isNotEmpty()) phone.deliver()
        return phone
    }

    companion object {
        /** A duty lead. */
        const val ZHANG = "张伟"

        /** The other duty lead. */
        const val LI = "李娜"

        /** Walks rounds. */
        const val LIU = "刘洋"

        /** Walks rounds, and operates what is technical. */
        const val WANG = "王强"

        const val ZHANG_NUMBER = "Q001"
        const val LI_NUMBER = "Q002"
        const val WANG_NUMBER = "Q003"
        const val LIU_NUMBER = "Q004"
    }
}
