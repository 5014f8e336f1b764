"""A whole shift through the boundary: two phones, one server, airplane mode, a kill in the middle, a handover by file.

Read it from top to bottom: it is how an app talks to the logbook.

    python3 shift.py SERVER-PROGRAM SITE-PLAN EMPTY-FOLDER
"""

import subprocess
import sys
from pathlib import Path

import dutylog as d
from phone import Phone
from server import Server

PIN = "246813"
ZHANG, LI, LIU = "张伟", "李娜", "刘洋"


def main(program, plan, folder):
    folder = Path(folder)
    server = Server(program, folder / "server", plan)
    try:
        shift(server, folder)
    finally:
        server.stop()


def shift(server, folder):
    day, night = two_phones(server, folder)

    # Airplane mode: from here on nothing reaches the server, and nothing has to.
    day.online = night.online = False
    liu_comes_on_duty(day)
    round_id = begin_round(day)
    day = killed_in_the_middle(day, round_id)
    incident = finish_round(day, round_id)
    run_incident(day, incident)
    nothing_is_lost_offline(day)
    handover = hand_over(day, night, folder, incident)
    close_incident(night, incident)

    # The night's phone meets the server first, and delivers for both.
    night.online = day.online = True
    for phone in (night, day, night):
        report = phone.sync()
        assert report.delivered == d.Delivered.ALL, report
    receipts_for_all((day, night), (round_id, incident, handover))
    print("a whole shift: delivered")


def two_phones(server, folder):
    phones = []
    for name, label in (("day", "Phone 1"), ("night", "Phone 2")):
        phone = Phone(folder / name)
        phone.enrol(server.phone_code(), label)
        assert phone.sync().delivered == d.Delivered.ALL
        phones.append(phone)
    day, night = phones
    for phone, staff_number in ((day, "Q001"), (day, "Q004"), (night, "Q002")):
        phone.enrol_person(staff_number, server.person_code(staff_number), PIN)
    for phone in (day, night):
        assert phone.sync().delivered == d.Delivered.ALL
    assert day.app.site().name == "Qingshiling pump station"
    return day, night


def running_shift(phone):
    row = next(row for row in phone.app.shifts(phone.now()) if row.running)
    return d.Shift(date=row.date, key=row.key)


def post(phone, name):
    return next(row.id for row in phone.app.posts(phone.now()) if row.name == name)


def liu_comes_on_duty(phone):
    # A wrong PIN costs a try, and nothing else.
    try:
        phone.sign_in(LIU, "000001")
        raise AssertionError("a wrong PIN opened the phone")
    except d.DutylogError.SignIn as error:
        assert (error.code, error.retryable) == ("wrong_pin", True), error
    phone.sign_in(LIU, PIN)
    tag = d.Proof(presence=d.Presence.NFC, evidence="QSL-P1")
    phone.app.check_in(phone.draft(), running_shift(phone), post(phone, "patrol staff"), tag, phone.now())
    came = phone.app.attendance(running_shift(phone))
    assert [(row.name, row.came) for row in came] == [(LIU, True)]


def begin_round(phone):
    planned = phone.app.planned_rounds(phone.now())[0]
    task = d.RoundTask.PLANNED(plan=planned.plan, starts_ms=planned.starts_ms, ends_ms=planned.ends_ms)
    return phone.app.start_round(phone.draft(), task, phone.now()).record


def killed_in_the_middle(phone, round_id):
    """Another process walks on, and is killed right after it said "saved": what was saved is there."""
    phone.app.pause()
    child = subprocess.Popen(
        [sys.executable, __file__, "--walk", str(phone.folder), round_id], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "saved\n"
    child.kill()
    child.wait()
    phone = Phone(phone.folder)
    phone.online = False
    phone.open()
    assert phone.app.signed_in() is None, "a new process has nobody signed in"
    items = {item.number: item for c in phone.app.round(round_id, phone.now()).checkpoints for item in c.items}
    assert items[1].done and not items[2].done, items
    phone.sign_in(LIU, PIN)
    return phone


def walk(folder, round_id):
    """The process that is killed."""
    phone = Phone(folder)
    phone.open()
    phone.sign_in(LIU, PIN)
    normal = d.Answer(round=round_id, item=1, status=d.ItemStatus.NORMAL)
    phone.app.answer_item(phone.draft(), normal, phone.now())
    print("saved", flush=True)
    sys.stdin.read()


def finish_round(phone, round_id):
    app = phone.app
    app.reach_checkpoint(phone.draft(), round_id, 1, d.Proof(presence=d.Presence.NFC, evidence="QSL-P1"), phone.now())
    # 0.70 MPa, in hundredths: over the alarm limit, and said so while it is being typed.
    high = d.Answer(round=round_id, item=2, status=d.ItemStatus.NORMAL, reading=70)
    assert app.judge_answer(high, phone.now()) == d.Verdict.ALARM
    for item, reading in ((2, 70), (3, 455), (6, 1000), (8, 10300), (10, 215)):
        answer = d.Answer(round=round_id, item=item, status=d.ItemStatus.NORMAL, reading=reading)
        draft = phone.draft()
        saved = app.answer_item(draft, answer, phone.now())
        # The answer was lost on its way to the screen, so the app tries again: nothing is recorded twice.
        again = app.answer_item(draft, answer, phone.now())
        assert again.repeated and again.entry == saved.entry
    for checkpoint in (2, 4):
        app.rest_normal(phone.draft(), round_id, checkpoint, phone.now())
    try:
        app.round_text(round_id, phone.now())
        raise AssertionError("a round with open items was ready to be signed")
    except d.DutylogError.Rejected as error:
        assert error.code == "items_open" and "trash rack clear" in error.sentence, error
    app.rest_normal(phone.draft(), round_id, 3, phone.now())
    shown = app.round_text(round_id, phone.now())
    assert "outlet pressure: 0.70 MPa" in shown.text, shown.text
    app.sign_round(phone.draft(), round_id, shown.digest, shown.shown_at_ms, phone.now())
    assert app.round(round_id, phone.now()).state == d.RoundState.SIGNED
    incident = d.NewIncident(
        kind=d.IncidentKind.EQUIPMENT, severity=d.Severity.HIGH, from_round=round_id, from_item=2,
        intake=d.IncidentIntake(nature="outlet pressure too high"))
    return app.raise_incident(phone.draft(), incident, phone.now()).record


def run_incident(phone, incident):
    app, now = phone.app, phone.now()
    app.detail_incident(phone.draft(), incident, d.IncidentIntake(
        occurred_ms=now.wall_ms, reporter=LIU, contact="13800000004", place="pump house 1",
        first_state="valve stuck", suggestion="stop pump 1"), now)
    app.add_timeline(phone.draft(), incident, "Pump 1 stopped.", None, phone.now())
    phone.sign_in(ZHANG, PIN)
    app.acknowledge(phone.draft(), incident, phone.now())
    app.report_by_phone(phone.draft(), incident, "the duty office", phone.now())
    detail = app.incident(incident, phone.now())
    assert detail.phone_reports[0].code == detail.read_back_code
    assert detail.acknowledged_by == [ZHANG] and len(detail.timeline) == 1


def nothing_is_lost_offline(phone):
    report = phone.sync()
    assert report.delivered == d.Delivered.NOT_ALL and report.code == "unreachable", report
    assert report.sentence and report.what_to_do
    waiting = phone.app.outbox()
    assert waiting.entries > 10 and waiting.oldest_ms is not None


def hand_over(day, night, folder, incident):
    # What is open was gathered by the logbook; the lead names who takes it over, and answers the checklist.
    shift, li = running_shift(day), day.person(LI)
    prepared = day.app.prepare_handover(shift, None, day.now())
    assert any(item.record == incident and item.needs_owner for item in prepared.items)
    owners = [d.NextOwner(item=item.item, person=li) for item in prepared.items if item.needs_owner]
    lines = [d.LineAnswer(line=line.line, status=d.ItemStatus.NORMAL) for line in prepared.lines]
    form = d.HandoverForm(
        handover=prepared.handover, shift=shift, to=li, owners=owners, lines=lines,
        watch=[d.WatchItem(text="level of the forebay")],
        resources=[d.Resource(name="generator fuel", state=d.ResourceState.SOUND, note="four fifths")])
    frozen = day.app.freeze_handover(form, day.now())
    assert "generator fuel" in frozen.text
    day.app.offer_handover(day.draft(), frozen.handover, frozen.digest, day.now())

    # From phone to phone without any network: a file with what the other lacks.
    carry(day, night, folder / "to-night")
    night.sign_in(LI, PIN)
    offered = night.app.handovers(None, 10).rows[0]
    assert offered.yours_to_answer and offered.from_name == ZHANG
    shown = night.app.handover(offered.id)
    assert (shown.text, shown.digest) == (frozen.text, frozen.digest), "both sign the very same text"
    night.app.answer_handover(
        night.draft(), offered.id, d.Decision.ACCEPT_WITH_REMARKS, "The left gate light is dim.", night.now())
    carry(night, day, folder / "to-day")
    for phone in (day, night):
        both = phone.app.handover(frozen.handover)
        assert both.row.state == "accepted" and [s.name for s in both.signatures] == [ZHANG, LI]
    return frozen.handover


def carry(giver, taker, path):
    giver.app.export_to(str(path), taker.app.heads())
    came = taker.app.import_from(str(path))
    assert came.stored > 0 and not came.alarm, came


def close_incident(phone, incident):
    conclusion = d.Conclusion(
        incident=incident, result="valve replaced", cause="corrosion", responsibility="maintenance",
        countermeasure="check every month")
    shown = phone.app.close_text(conclusion, phone.now())
    assert "corrosion" in shown.text
    phone.app.close_incident(phone.draft(), conclusion, shown.digest, phone.now())
    assert phone.app.incident(incident, phone.now()).row.closed


def receipts_for_all(phones, records):
    for phone in phones:
        assert phone.app.outbox().entries == 0, phone.app.outbox()
        assert phone.app.outbox().last_receipt_ms is not None
        for record in records:
            assert phone.app.delivery(record) == d.Delivery.RECEIVED
        assert phone.app.incidents(None, 10).rows[0].closed


if __name__ == "__main__":
    if sys.argv[1] == "--walk":
        walk(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
