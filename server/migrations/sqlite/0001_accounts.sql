-- Accounts of the console and their sessions. People of a site and their rights are entries in the site's log, not here:
-- an account says who may use the console, and as which person it acts.

CREATE TABLE account (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name         TEXT    NOT NULL UNIQUE,
    display_name TEXT    NOT NULL,
    role         TEXT    NOT NULL CHECK (role IN ('admin', 'hq', 'auditor')),
    person_id    BLOB    NOT NULL CHECK (length(person_id) = 16),
    all_sites    INTEGER NOT NULL CHECK (all_sites IN (0, 1)),
    -- Argon2id, with the parameters each hash was made with.
    salt         BLOB    NOT NULL CHECK (length(salt) = 16),
    hash         BLOB    NOT NULL CHECK (length(hash) = 32),
    memory_kib   INTEGER NOT NULL,
    passes       INTEGER NOT NULL,
    lanes        INTEGER NOT NULL,
    created_ms   INTEGER NOT NULL,
    disabled_ms  INTEGER
) STRICT;

-- The sites of an account that does not see all of them.
CREATE TABLE account_site (
    account_id BLOB NOT NULL REFERENCES account (id),
    site_id    BLOB NOT NULL CHECK (length(site_id) = 16),
    PRIMARY KEY (account_id, site_id)
) STRICT, WITHOUT ROWID;

-- Only digests of tokens are kept: who reads this table cannot sign in with it.
CREATE TABLE account_session (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id BLOB    NOT NULL REFERENCES account (id),
    created_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_session_of ON account_session (account_id);

-- Browsers from which an account once signed in. Strangers who guess at an account slow down strangers, not these.
CREATE TABLE account_browser (
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    account_id BLOB    NOT NULL REFERENCES account (id),
    seen_ms    INTEGER NOT NULL,
    PRIMARY KEY (token_hash, account_id)
) STRICT, WITHOUT ROWID;

-- The token that lets the first administrator be made; at most one.
CREATE TABLE account_setup (
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    expires_ms INTEGER NOT NULL
) STRICT;
