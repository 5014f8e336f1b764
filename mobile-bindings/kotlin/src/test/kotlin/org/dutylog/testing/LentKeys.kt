package org.dutylog.testing

import org.dutylog.KeyStore

/** A key store of the host's own. Here it passes everything on, after [before], unless there is [trouble] with a key of that name. */
class LentKeys(private val keys: KeyStore) : KeyStore {
    @Volatile
    var trouble: (name: String) -> Throwable? = { null }

    @Volatile
    var before: () -> Unit = {}

    override fun create(name: String, guard: ByteArray?): ByteArray = passed("create", name) { keys.create(name, guard) }

    override fun sign(name: String, guard: ByteArray?, content: ByteArray): ByteArray =
        passed("sign", name) { keys.sign(name, guard, content) }

    override fun mac(name: String, content: ByteArray): ByteArray = passed("mac", name) { keys.mac(name, content) }

    override fun delete(name: String) = passed("delete", name) { keys.delete(name) }

    private fun <T> passed(method: String, name: String, call: () -> T): T {
        Coverage.called(KeyStore::class.java, method)
        before()
        trouble(name)?.let { throw it }
        return call()
    }
}
