"""What the host lends may fail: a key store that throws, a listener that throws or calls back. The logbook says so, and goes on.

    python3 host.py SERVER-PROGRAM SITE-PLAN EMPTY-FOLDER
"""

import sys
from pathlib import Path

import dutylog as d
from phone import Phone
from server import Server


class Lent(d.KeyStore):
    """A key store of the host's own. Here it passes everything on; `trouble` is what it throws instead."""

    def __init__(self, keys):
        self.keys = keys
        self.trouble = None

    def _ready(self):
        if self.trouble is not None:
            raise self.trouble

    def create(self, name, guard):
        self._ready()
        return self.keys.create(name, guard)

    def sign(self, name, guard, content):
        self._ready()
        return self.keys.sign(name, guard, content)

    def mac(self, name, content):
        return self.keys.mac(name, content)

    def delete(self, name):
        self.keys.delete(name)


class Listener(d.ChangeListener):
    """Asks the logbook again for what is on the screen, as an app does; then fails, as an app should not."""

    def __init__(self, app):
        self.app = app
        self.heard = []

    def on_changed(self, changes):
        self.heard.append((changes.topics, len(self.app.incidents(None, 10).rows)))
        raise ValueError("a fault of the listener")


def main(program, plan, folder):
    folder = Path(folder)
    server = Server(program, folder / "server", plan)
    try:
        phone = Phone(folder / "phone")
        phone.keys = Lent(phone.keys)
        a_key_store_that_throws(phone, server)
        a_listener_that_calls_back(phone)
        a_fault_of_the_app(phone)
    finally:
        server.stop()
    print("the host may fail")


def refused(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{kind} was expected")


def a_key_store_that_throws(phone, server):
    code = server.phone_code()
    # An exception that the interface does not know: a fault of the host, told as an error of ours and never a crash.
    phone.keys.trouble = ValueError("a fault of the host")
    error = refused(d.DutylogError.Keys, lambda: phone.enrol(code, "Phone"))
    assert error.code == "keys_failed" and "a fault of the host" in error.reason, error
    # One that it knows.
    phone.keys.trouble = d.KeyStoreError.Unavailable()
    error = refused(d.DutylogError.Keys, lambda: phone.enrol(code, "Phone"))
    assert (error.code, error.retryable) == ("keys_locked", True), error
    # The code was not spent.
    phone.keys.trouble = None
    phone.enrol(code, "Phone")
    assert d.pending_enrolment(phone.options(), phone.keys, phone.now()) is None


def raise_incident(phone):
    new = d.NewIncident(kind=d.IncidentKind.WATER, intake=d.IncidentIntake())
    return phone.app.raise_incident(phone.draft(), new, phone.now()).record


def a_listener_that_calls_back(phone):
    listener = Listener(phone.app)
    subscription = phone.app.subscribe(listener)
    raise_incident(phone)
    assert [(d.Topic.INCIDENTS in topics, rows) for topics, rows in listener.heard] == [(True, 1)]
    subscription.cancel()
    raise_incident(phone)
    assert len(listener.heard) == 1


def a_fault_of_the_app(phone):
    app = phone.app
    error = refused(d.DutylogError.BadArgument, lambda: app.incident("no identifier", phone.now()))
    assert (error.argument, error.retryable) == ("incident", False), error
    refused(d.DutylogError.BadArgument, lambda: app.incidents(None, 201))
    error = refused(d.DutylogError.Exchange, lambda: phone.enrol("https://duty.example", "Phone"))
    assert error.code == "not_an_invitation", error
    app.shutdown()
    error = refused(d.DutylogError.Paused, app.outbox)
    assert (error.code, error.retryable) == ("closed", False), error


if __name__ == "__main__":
    main(*sys.argv[1:])
