"""Makes the calls that it is told to make, one line each, and says how many microseconds each took.

    python3 outside.py FOLDER PIN PERSON ROUND ITEM INCIDENT WALL-MS MONOTONIC-MS
"""

import os
import sys
import time

import dutylog as d


class Phone:
    def __init__(self, folder, pin, person, round_id, item, incident, wall_ms, monotonic_ms):
        self.now = d.Reading(
            wall_ms=int(wall_ms), zone_minutes=480, monotonic_ms=int(monotonic_ms), boot="a boot")
        # The first phone of its site: its secret is its number.
        keys = d.software_key_store(folder + "/keys", bytes([1] * 32), os.urandom(32))
        options = d.Options(folder=folder + "/logbook", language=d.Language.ENGLISH, seed=os.urandom(32))
        self.app = d.Logbook.open(options, keys, self.now)
        self.app.sign_in(person, pin, self.now)
        self.answer = d.Answer(round=round_id, item=int(item), status=d.ItemStatus.NORMAL)
        self.incident = incident

    def commit(self):
        draft = self.app.new_draft()
        return timed(lambda: self.app.answer_item(draft, self.answer, self.now))

    def page(self):
        return timed(lambda: self.app.incidents(None, 200))

    def detail(self):
        return timed(lambda: self.app.incident(self.incident, self.now))

    def step(self):
        return timed(lambda: self.app.begin_sync().next(self.now))


def timed(call):
    started = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - started) / 1_000


def main():
    phone = Phone(*sys.argv[1:])
    for line in sys.stdin:
        name, times = line.split()
        print(*(getattr(phone, name)() for _ in range(int(times))), flush=True)


main()
