package org.dutylog.testing

import org.dutylog.KeyStore

/** A key store of the host's own. Here it passes everything on, after [before], unless [trouble] is to be thrown. */
class LentKeys(private val keys: KeyStore) : KeyStore {
    @Volatile
    var trouble: Throwable? = null

    @Volatile
    var before: () -> Unit = {}

    override fun create(name: String, guard: ByteArray?): ByteArray = passed("create") { keys.create(name, guard) }

    override fun sign(name: String, guard: ByteArray?, content: ByteArray): ByteArray =
        passed("sign") { keys.sign(name, guard, content) }

    override fun mac(name: String, content: ByteArray): ByteArray = passed("mac") { keys.mac(name, content) }

    override fun delete(name: String) = passed("delete") { keys.delete(name) }

    private fun <T> passed(method: String, call: () -> T): T {
        Coverage.called(KeyStore::class.java, method)
        before()
        trouble?.let { throw it }
        return call()
    }
}
