"""What a phone lends the logbook: clocks, a key store, HTTP. An app on Android or iOS does the same with its own means."""

import os
import time
import urllib.error
import urllib.request
from pathlib import Path

import dutylog as d


class Phone:
    """A phone with its files in one folder. `online` is what airplane mode switches."""

    def __init__(self, folder, language=d.Language.ENGLISH):
        self.folder = Path(folder)
        self.language = language
        self.online = True
        self.waited_ms = 0
        self.app = None
        self.keys = self._key_store()

    # What is lent ------------------------------------------------------------------------------------------------

    def _key_store(self):
        """On a phone the secret lies in Android Keystore or the iOS Keychain; here it lies in a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        secret = self.folder / "secret"
        if not secret.exists():
            secret.write_bytes(os.urandom(32))
        return d.software_key_store(str(self.folder / "keys"), secret.read_bytes(), os.urandom(32))

    def options(self):
        return d.Options(folder=str(self.folder / "logbook"), language=self.language, seed=os.urandom(32))

    def now(self):
        """What the clocks say. The logbook reads none of its own."""
        wall = int(time.time() * 1000) + self.waited_ms
        mono = int(time.monotonic() * 1000) + self.waited_ms
        return d.Reading(wall_ms=wall, zone_minutes=480, monotonic_ms=mono, boot="the first boot")

    def send(self, request):
        """Carries one request; none if nothing answered."""
        if not self.online:
            return None
        body = request.body if request.method == "POST" else None
        headers = {header.name: header.value for header in request.headers}
        asked = urllib.request.Request(request.url, data=body, headers=headers, method=request.method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(asked, timeout=60) as answer:
                return self._response(answer)
        except urllib.error.HTTPError as refusal:
            return self._response(refusal)
        except urllib.error.URLError:
            return None

    @staticmethod
    def _response(answer):
        headers = [d.HttpHeader(name=name, value=value) for name, value in answer.headers.items()]
        return d.HttpResponse(status=answer.status, headers=headers, body=answer.read())

    # What an app does with it ------------------------------------------------------------------------------------

    def enrol(self, qr_text, label):
        enrolling = d.Enrolling.begin(self.options(), self.keys, qr_text, label, self.now())
        self.app = enrolling.finish(self.send(enrolling.request()))

    def open(self):
        """After a kill, or a restart of the phone."""
        self.app = d.Logbook.open(self.options(), self.keys, self.now())

    def enrol_person(self, staff_number, code, pin):
        request = self.app.enrol_person(staff_number, code, pin)
        while request is not None:
            request = self.app.person_enrolled(self.send(request))

    def sign_in(self, name, pin):
        person = self.person(name)
        self.app.sign_in(person, pin, self.now())

    def person(self, name):
        return next(person.id for person in self.app.people(self.now()) if person.name == name)

    def sync(self):
        """One conversation. Waiting is done by putting the clocks forward: a test has no time to sleep."""
        run = self.app.begin_sync()
        while True:
            step = run.next(self.now())
            if isinstance(step, d.Step.DONE):
                return step.report
            if isinstance(step, d.Step.WAIT):
                self.waited_ms += step.ms
                continue
            answer = self.send(step.request)
            if answer is None:
                run.on_failure(step.request.id, d.HttpFailure.NO_CONNECTION)
            else:
                run.on_response(step.request.id, answer, self.now())

    def draft(self):
        return self.app.new_draft()
