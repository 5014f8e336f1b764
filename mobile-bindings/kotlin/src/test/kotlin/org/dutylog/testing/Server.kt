package org.dutylog.testing

import java.io.File
import java.nio.file.Path

/** A real server with a data folder of its own. */
class Server(private val folder: Path) : AutoCloseable {
    private val process: Process
    private val address: String

    init {
        run("admin", "apply", property("dutylog.test.plan"))
        process = start("--listen", "127.0.0.1:0", "serve")
        val said = process.inputReader().lineSequence()
        address = said.first { "http://" in it }.substringAfter("http://").trim()
    }

    /** What the QR code of a new phone says. */
    fun phoneCode(): String =
        run("--listen", address, "enrol", "phone", "--site", SITE).lines().first { it.startsWith("DUTYLOG1:") }

    /** What an administrator makes for a person, who types it once. */
    fun personCode(staffNumber: String): String =
        run("enrol", "person", "--site", SITE, "--person", staffNumber).lines().first().substringAfterLast(": ")

    override fun close() {
        process.destroyForcibly().waitFor()
    }

    private fun run(vararg arguments: String): String {
        val process = start(*arguments)
        val said = process.inputReader().readText()
        check(process.waitFor() == 0) { said + errors.readText() }
        return said
    }

    private fun start(vararg arguments: String): Process {
        val program = listOf(property("dutylog.test.server"), "--data-dir", folder.toString())
        val builder = ProcessBuilder(program + arguments).redirectError(ProcessBuilder.Redirect.appendTo(errors))
        builder.environment().clear()
        return builder.start()
    }

    private val errors: File
        get() = folder.resolveSibling("${folder.fileName}.errors").toFile()

    private companion object {
        const val SITE = "qingshiling"
    }
}

/** What the build hands to the tests. */
private fun property(name: String): String =
    checkNotNull(System.getProperty(name)) { "the build sets $name: run the tests by Maven" }
