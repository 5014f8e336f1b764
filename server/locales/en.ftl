# The words on pages. Words of the domain (kinds of records, states, rules) are in the core. Each begins on its own line.
# Every message may use {$headquarters}: what this organisation calls it.

skip-to-content = Skip to content
nav-label = Main
nav-account = My account
logout = Sign out
footer = Dutylog: recorded on site without signal, supervised from {$headquarters}.
to-start = Go to the start page
error-code = Error code
support-id = Support id
live-news = There are new records.
live-reload = Reload

login-title = Sign in
login-lead = Sign in to see patrols, incidents and shift handovers at your sites.
login = Sign in
login-help = If you forgot your password, ask an administrator.
login-refused = The account name or the password is wrong.
login-wait = Too many tries. Try again in { $seconds ->
    [one] {$seconds} second.
   *[other] {$seconds} seconds.
}

account-title = My account
account-name = Account name
account-display-name = Name to show (optional)
account-role = Role
account-scope = Sites you see
account-bad-name = An account name has only letters, digits and . - _ @, at most 64 characters.
account-name-taken = This account name is taken.
role-admin = Administrator
role-hq = Headquarters reviewer
role-auditor = Auditor
scope-all = All sites
scope-some = { $count ->
    [one] {$count} site
   *[other] {$count} sites
}

password = Password
password-current = Current password
password-new = New password
password-repeat = Password, once more
password-hint = At least 12 characters, better 15 or more; a sentence is fine.
password-change = Change password
password-changed = The password was changed and all other sessions have ended.
password-wrong-current = The current password is wrong.
password-repeat-differs = The two passwords differ.
password-too-short = The password is too short: at least {$minimum} characters.
password-too-long = The password is too long: at most 256 characters.
password-common = This password is easily guessed; choose another.
password-like-name = The password is too much like the account name; choose another.

setup-title = Create the first administrator
setup-lead = This server has no account yet. Create the first administrator with the one-time set-up token.
setup-token = Set-up token
setup-token-hint = The token is in a file on the server; the start-up message says where. It is good for 24 hours and for one use.
setup-submit = Create administrator
setup-bad-token = The token is wrong, used or expired. Restart the server to get a new one.

comma = {", "}
colon = {": "}
none = none
who = Recorded by
status = State
facts = Facts
conflicts = Conflicts
records = Records
entries = Entries
evidence = Evidence
reason = Reason
person = Person
people = People
post = Post
phone = Phone
chain = Chain
key = Key
sequence = Number
segment = Segment
received = Received
checklist = Checklist
not-told = not told
not-yet = not yet
headquarters = Headquarters
kind-unknown = record that needs a newer version
device-alone = phone (nobody signed in)

crumbs-label = Where you are
tabs-label = Pages of the site
tab-log = Log
tab-rounds = Rounds
tab-incidents = Incidents
tab-handovers = Handovers
tab-people = Attendance
tab-phones = Phones
zone-note = All times on this page are the site's ({$zone}).
pager-label = Pages
pager-newer = Newer
pager-newest = Back to the newest
pager-older = Older
filter-label = Filter
filter-all = All
filter-family = Kind of record
filter-person = Person
filter-problems = Records with a problem
filter-from = From
filter-until = Until
filter-apply = Apply
forks-banner = { $count ->
    [one] {$count} chain contradicts itself: a phone may have been copied. Both versions are kept.
   *[other] {$count} chains contradict themselves: phones may have been copied. Both versions are kept.
}
forks-look = Look at the phones

sites-title = Sites
sites-none = There is no site that your account sees.
fresh-newest = Newest delivery
fresh-never = never
ago = {$span} ago
silent-phones = Silent phones
silent-since = last heard
silent-never = never heard from
open-incidents = Open incidents
rounds-today = Today's rounds
rounds-each = Each round
rounds-none-today = No rounds are planned today.
handover-newest = Newest handover
handover-never = None yet.
attention = Needs attention
attention-conflicts = Conflicts to settle
attention-unsigned = Handovers not fully signed

standing-counts = counts
standing-refused = does not count
standing-held = held for review
standing-waits = waits for earlier records
standing-opaque = needs a newer version
log-title = Log
log-hint = Times at the left are the phone's; "provable" is the span that signatures and receipts can show.
log-empty = No records match.
claimed = Phone's clock
provable = Provable
provable-open = (no provable start)
evidence-at = Evidence · position {$position}
family-rounds = Rounds
family-incidents = Incidents
family-handovers = Handovers
family-attendance = Attendance
family-remarks = Comments and settled conflicts
family-configuration = Site configuration
family-chains = Sign-ins and clocks
family-other = Other

rounds-title = Rounds
rounds-none = No rounds in these days.
round-window = Window
round-what = Round plan
round-done = Signed at
round-flagged = To be watched
round-unplanned = not planned
round-signed = signed
round-grace = Grace
round-began = Began
to-round = Round
presence = Presence
presence-none = no proof of presence
no-checkpoint = At no checkpoint
skipped = Skipped:
skipped-item = skipped
not-answered = not answered
rest-normal = the rest is normal
limits-normal = normal
limits-alarm = alarm outside
conflict-explained = People recorded different values without having seen each other. Both are kept until somebody settles it.
settle-which = Which one stands?
settle = Settle
signatures = Signatures
signatures-none = Nobody has signed yet.
signature-good = signature verified
signature-provisional = signature verified (provisional key)
signature-bad = signature not valid
text-digest = Digest of the text shown
record-entries = Entries behind this
comments = Comments
comments-none = No comments yet.
comment-new = Add a comment
comment-send = Send comment
done-acknowledge = Acknowledged, and on record.
done-comment = The comment is on record.
done-settle = The conflict is settled, and on record.

incidents-title = Incidents
incidents-none = No incidents.
incidents-open = Open
to-incident = Incident
incident-what = Kind
incident-place = Place and nature
incident-severity = Severity
incident-since = Raised
incident-told = What was told
incident-assigned = Assigned
incident-origin = Originating check
origin-item = Item {$item} of the round
incident-times = Five times
time-occurred = Occurred
time-received = Received
time-recorded = Recorded
time-delivered = Delivered to headquarters
time-acknowledged = Acknowledged
time-after = {$span} later
incident-missing = Missing before it closes
incident-missing-none = Nothing is missing.
incident-missing-hint = What is missing keeps it from closing, never from being handled.
incident-timeline = Timeline
incident-timeline-none = No lines yet.
acknowledgements = Acknowledgements
acknowledged-by-none = Nobody has acknowledged it yet.
acknowledge = Acknowledge
acknowledge-hint = Goes into the site's log in your name; the phones on site will show it.
phone-reports = Reports by phone
read-back = read-back code

handovers-title = Handovers
handovers-none = No handovers yet.
to-handover = Handover
handover-shift = Shift
handover-outgoing = Outgoing
handover-incoming = Incoming
handover-at = Offered at
not-present = not present
handover-text = The text that was signed
handover-no-text = There is no handover document to show.
handover-given = handed over
handover-alone = Signed alone because
handover-withdrawn = Withdrawn because
text-matches = text belongs to the signed document
text-differs = text is not that of the signed document
signed-digest = Digest that was signed
handover-evidence = The signed document
handover-digest = Digest of the document
handover-frozen = Frozen at
handover-gaps = Phones not heard when it was frozen
handover-open = Handed on
next-owner = next owner
handover-cut = Records included ({ $count ->
    [one] {$count} chain
   *[other] {$count} chains
})
handover-cut-hint = Each chain is included up to this number.
addenda = Addenda
addenda-hint = Recorded before it was frozen, delivered afterwards.
addenda-seen = Seen:

people-title = Attendance
attendance-none = No check-ins or check-outs this week.
attendance-what = What
attendance-place = Presence
attendance-corrected = correction
staff-number = Staff number
phones-title = Phones
phones-none = No phones are enrolled yet.
phone-in-use = in use
phone-gone = lost or revoked
phone-written-off = nothing more will come
phone-people = People who sign in
phone-contact = Last contact
phone-heard = Newest record
chain-entries = Entries held
chain-owed = {$count} on their way
chain-received = Received
clock-quality = Clock
fork-at = It contradicts itself from number {$seq} on: the phone may have been copied.
aside = Kept outside the log
aside-hint = The seal is good; kept as received, and not part of the log for this reason.
aside-awaits-body = the content is not what was signed; it was asked for again
aside-review = the phone was revoked; to be reviewed
aside-not-canonical = not in the exact form
aside-too-deep = nested too deep
aside-too-many-heads = cites too much
aside-unknown-form = needs a newer version
aside-broken-link = does not follow what it names
conflicts-title = Conflicts to settle
conflicts-none = There is nothing to settle.
last-change = Last change

entry-title = Evidence
entry-facts = Entry
session = Session
session-none = nobody was signed in
session-opened-at = opened by number {$seq}
operations = What was recorded
operation-replaces = replaces
operations-opaque = A newer version is needed to read this; it is kept in full.
entry-signed = Who vouches for it
certificate-good = certificate verified
certificate-unknown = certificate unknown
statement = Person's own signature
leaf = Digest of the entry
segment-at = Position {$position} of the site's log
seal-good = device's seal verified
seal-bad = device's seal not valid
epoch = server epoch {$number}
site-root = Root of the log, as the receipt names it
log-size = {$size} segments
entries-root = Root of the segment's entries
path-good = path leads there
path-bad = path does not lead there
inclusion-path = Inclusion path ({ $count ->
    [one] {$count} step
   *[other] {$count} steps
})
canonical-bytes = Canonical bytes
canonical-hint = In hexadecimal. SHA-256 over a zero byte and these bytes is the digest of the entry above.
course = Last readings
reading = Reading
