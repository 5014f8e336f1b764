package org.dutylog.testing

import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.lang.reflect.Proxy
import java.lang.reflect.UndeclaredThrowableException
import java.util.concurrent.ConcurrentSkipListSet
import org.dutylog.DutylogException
import org.dutylog.code
import org.junit.jupiter.api.fail

/** Takes notes, over all tests of a run, of the methods that were called and the errors that were met. */
object Coverage {
    /** `Logbook.signIn`. */
    val methods = ConcurrentSkipListSet<String>()

    /** `SignIn wrong_pin`. */
    val errors = ConcurrentSkipListSet<String>()

    /** The target, with notes being taken. */
    inline fun <reified T : Any> of(target: T): T = of(T::class.java, target)

    fun <T : Any> of(type: Class<T>, target: T): T {
        val proxy = Proxy.newProxyInstance(type.classLoader, arrayOf(type)) { _, method, arguments ->
            called(type, method.name)
            invoke(target, method, arguments)
        }
        return type.cast(proxy)
    }

    fun called(type: Class<*>, method: String) {
        methods += name(type, method)
    }

    /** What could be called. */
    fun methodsOf(type: Class<*>): List<String> = type.declaredMethods.filterNot(Method::isSynthetic).map { name(type, it.name) }

    fun met(error: DutylogException) {
        errors += "${error.javaClass.simpleName} ${error.code}"
    }

    private fun name(type: Class<*>, method: String) =
        // The types that Kotlin cannot name have a hash behind the method's name.
        "${type.simpleName.removeSuffix("Interface")}.${method.substringBefore('-')}"

    private fun invoke(target: Any, method: Method, arguments: Array<out Any?>?): Any? =
        try {
            method.invoke(target, *arguments.orEmpty())
        } catch (thrown: InvocationTargetException) {
            throw thrown.targetException
        }
}

/** That a call is refused in this way; gives how. */
inline fun <reified E : Throwable> refused(call: () -> Unit): E {
    val thrown = try {
        call()
        null
    } catch (thrown: Throwable) {
        unwrapped(thrown)
    }
    if (thrown is DutylogException) Coverage.met(thrown)
    if (thrown !is E) fail("${E::class.simpleName} was expected", thrown)
    return thrown
}

/** A proxy may not throw what its interface does not declare, and Kotlin declares nothing: it wraps it, perhaps more than once. */
fun unwrapped(thrown: Throwable): Throwable =
    if (thrown is UndeclaredThrowableException) unwrapped(thrown.undeclaredThrowable) else thrown
