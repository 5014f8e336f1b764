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
