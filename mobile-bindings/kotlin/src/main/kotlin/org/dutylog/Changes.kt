package org.dutylog

import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map

/** Records named in one set of changes; beyond it, [ChangeSet.all] is set. */
private const val NAMED = 50

/**
 * What changes in the logbook, from the moment it is collected until the collector is cancelled.
 *
 * Cold: each collector has a subscription of its own. Nothing is lost however slow a collector is: what comes meanwhile is told as one
 * set. Changes are told after they are on the disk, and the collector may call the logbook.
 */
public fun LogbookInterface.changes(): Flow<ChangeSet> = changes(first = null)

/**
 * Asks the logbook now, and again whenever one of [topics] has changed; of any change if none is named. The current answer comes
 * first, later ones as they are needed.
 *
 * `app.watch(Topic.INCIDENTS) { incidents(null, 50u) }.collect { page -> show(page) }`
 *
 * [query] is called as by [io]; what it throws ends the flow.
 */
public fun <L : LogbookInterface, T> L.watch(vararg topics: Topic, query: L.() -> T): Flow<T> {
    val wanted = topics.toSet().ifEmpty { Topic.entries.toSet() }
    // Listening begins before the first question: no change falls between the two.
    val first = ChangeSet(topics = wanted.toList(), records = emptyList(), all = true, revision = 0UL)
    return changes(first).filter { changed -> changed.topics.any(wanted::contains) }.map { io(query) }
}

private fun LogbookInterface.changes(first: ChangeSet?): Flow<ChangeSet> = flow {
    val pending = AtomicReference(first)
    val signal = Channel<Unit>(Channel.CONFLATED)
    val listener = object : ChangeListener {
        override fun onChanged(changes: ChangeSet) {
            pending.updateAndGet { earlier -> earlier?.and(changes) ?: changes }
            signal.trySend(Unit)
        }
    }
    subscribe(listener).use {
        if (first != null) signal.trySend(Unit)
        for (changed in signal) pending.getAndSet(null)?.let { emit(it) }
    }
}

/** Two sets as one, by the same rules as the logbook's own. */
internal fun ChangeSet.and(later: ChangeSet): ChangeSet {
    val named = (records + later.records).distinct()
    return ChangeSet(
        topics = (topics + later.topics).distinct().sorted(),
        records = named.take(NAMED),
        all = all || later.all || named.size > NAMED,
        revision = maxOf(revision, later.revision),
    )
}
