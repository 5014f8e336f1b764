-- The ledger: what phones and HQ signed, in the order it was taken. Every key starts with the site.
--
-- Facts are written once. What is evidence can be neither changed nor deleted, which the triggers at the end enforce; what
-- is only a mark on the way (a site's size, heads, nonces, budgets) can be derived again or may be lost.

-- One row: how often this database was restored, counting from 1.
CREATE TABLE server (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL
) STRICT;
INSERT INTO server (id, epoch) VALUES (1, 1);

-- The row of a site is its lock: who appends holds it (here the whole database is held by its only writer).
CREATE TABLE sites (
    site       BLOB    NOT NULL PRIMARY KEY CHECK (length(site) = 16),
    org        BLOB    NOT NULL CHECK (length(org) = 16),
    epoch      INTEGER NOT NULL,
    size       INTEGER NOT NULL,             -- segments in the site's log; the next position
    peaks      BLOB    NOT NULL,             -- right edge of the Merkle tree over them
    backed_up  INTEGER NOT NULL DEFAULT 0,   -- how many of them a verified backup holds
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE segments (
    site        BLOB    NOT NULL REFERENCES sites (site),
    position    INTEGER NOT NULL,
    id          BLOB    NOT NULL CHECK (length(id) = 32),
    chain       BLOB    NOT NULL CHECK (length(chain) = 16),
    first       INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    prev        BLOB    NOT NULL CHECK (length(prev) = 32),
    key         BLOB    NOT NULL CHECK (length(key) = 8),
    trunk       INTEGER NOT NULL CHECK (trunk IN (0, 1)),  -- 1: every entry was new when it was taken
    fork        INTEGER,                                   -- first number that differs from what was held
    header      BLOB    NOT NULL,
    signature   BLOB    CHECK (length(signature) = 64),    -- none: proven by the run it came in, until it comes signed
    body        BLOB    NOT NULL,                          -- packed, see core/docs/log-format.md 7
    -- What its receipt says: derived again, it is the same for ever.
    root        BLOB    NOT NULL CHECK (length(root) = 32),
    epoch       INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (site, position),
    UNIQUE (site, id)
) STRICT;
-- Two segments that both claim to be new under one number: the race that must never be won twice.
CREATE UNIQUE INDEX segments_trunk ON segments (site, chain, first) WHERE trunk = 1;
CREATE INDEX segments_of_chain ON segments (site, chain, last);
CREATE INDEX segments_of_key ON segments (site, key, chain, last);
CREATE INDEX segments_forked ON segments (site, position) WHERE fork IS NOT NULL;

-- The ends of every branch of every chain.
CREATE TABLE heads (
    site    BLOB    NOT NULL REFERENCES sites (site),
    chain   BLOB    NOT NULL,
    segment BLOB    NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (site, chain, segment)
) STRICT, WITHOUT ROWID;

-- Signed by an enrolled device, but not (yet) part of the log. Never thrown away.
CREATE TABLE set_aside (
    site        BLOB    NOT NULL REFERENCES sites (site),
    id          BLOB    NOT NULL CHECK (length(id) = 32),
    reason      TEXT    NOT NULL,
    chain       BLOB    NOT NULL,
    first       INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    prev        BLOB    NOT NULL,
    key         BLOB    NOT NULL,
    header      BLOB    NOT NULL,
    signature   BLOB,
    entries     BLOB    NOT NULL,  -- as received, each after its length in 4 bytes
    carrier     BLOB    NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (site, id, reason)
) STRICT;
CREATE INDEX set_aside_of_chain ON set_aside (site, chain, reason, last);

CREATE TABLE certificates (
    site      BLOB    NOT NULL REFERENCES sites (site),
    key       BLOB    NOT NULL CHECK (length(key) = 8),
    bytes     BLOB    NOT NULL,
    number    INTEGER NOT NULL,  -- in the order they were added: an issuer comes before what it issued
    PRIMARY KEY (site, key)
) STRICT;

CREATE TABLE revocations (
    site       BLOB    NOT NULL REFERENCES sites (site),
    key        BLOB    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('left', 'lost', 'compromised')),
    decided_ms INTEGER NOT NULL,
    PRIMARY KEY (site, key)
) STRICT;

-- How far each chain of a revoked key is trusted: what was held when it was decided. No clock takes part.
CREATE TABLE cuts (
    site  BLOB    NOT NULL REFERENCES sites (site),
    key   BLOB    NOT NULL,
    chain BLOB    NOT NULL,
    last  INTEGER NOT NULL,
    PRIMARY KEY (site, key, chain)
) STRICT;

CREATE TABLE restore_notices (
    site  BLOB    NOT NULL REFERENCES sites (site),
    epoch INTEGER NOT NULL,  -- the one that begins
    at_ms INTEGER NOT NULL,
    size  INTEGER NOT NULL,  -- the log as the epoch before left it
    root  BLOB    NOT NULL,
    PRIMARY KEY (site, epoch)
) STRICT;

-- Only digests of codes are kept: who reads this table cannot enrol with it.
CREATE TABLE enrolments (
    site       BLOB    NOT NULL REFERENCES sites (site),
    code       BLOB    NOT NULL CHECK (length(code) = 32),
    role       TEXT    NOT NULL CHECK (role IN ('phone', 'person')),
    subject    BLOB,             -- the person a person's code is for
    expires_ms INTEGER NOT NULL,
    used_ms    INTEGER,
    PRIMARY KEY (site, code)
) STRICT;

-- Who enrols does not know the site's name yet: the code stands for it.
CREATE INDEX enrolments_by_code ON enrolments (code);

CREATE TABLE nonces (
    site  BLOB NOT NULL REFERENCES sites (site),
    key   BLOB NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 8),
    PRIMARY KEY (site, key)
) STRICT;

CREATE TABLE budgets (
    site  BLOB    NOT NULL REFERENCES sites (site),
    key   BLOB    NOT NULL,
    what  TEXT    NOT NULL,
    level INTEGER NOT NULL,  -- what is left, in thousandths
    at_ms INTEGER NOT NULL,  -- when that was so
    PRIMARY KEY (site, key, what)
) STRICT;

CREATE TRIGGER segments_keep BEFORE DELETE ON segments BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
CREATE TRIGGER segments_fixed BEFORE UPDATE OF site, position, id, chain, first, last, prev, key, trunk, fork, header, body, root, epoch, received_ms
ON segments BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
CREATE TRIGGER segments_signed BEFORE UPDATE OF signature ON segments WHEN old.signature IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'segments are append-only'); END;
CREATE TRIGGER set_aside_keep BEFORE DELETE ON set_aside BEGIN SELECT RAISE(ABORT, 'set_aside is append-only'); END;
CREATE TRIGGER set_aside_fixed BEFORE UPDATE ON set_aside BEGIN SELECT RAISE(ABORT, 'set_aside is append-only'); END;
CREATE TRIGGER certificates_keep BEFORE DELETE ON certificates BEGIN SELECT RAISE(ABORT, 'certificates is append-only'); END;
CREATE TRIGGER certificates_fixed BEFORE UPDATE ON certificates BEGIN SELECT RAISE(ABORT, 'certificates is append-only'); END;
CREATE TRIGGER revocations_keep BEFORE DELETE ON revocations BEGIN SELECT RAISE(ABORT, 'revocations is append-only'); END;
CREATE TRIGGER revocations_fixed BEFORE UPDATE ON revocations BEGIN SELECT RAISE(ABORT, 'revocations is append-only'); END;
CREATE TRIGGER cuts_keep BEFORE DELETE ON cuts BEGIN SELECT RAISE(ABORT, 'cuts is append-only'); END;
CREATE TRIGGER cuts_fixed BEFORE UPDATE ON cuts BEGIN SELECT RAISE(ABORT, 'cuts is append-only'); END;
CREATE TRIGGER restore_notices_keep BEFORE DELETE ON restore_notices BEGIN SELECT RAISE(ABORT, 'restore_notices is append-only'); END;
CREATE TRIGGER restore_notices_fixed BEFORE UPDATE ON restore_notices BEGIN SELECT RAISE(ABORT, 'restore_notices is append-only'); END;
CREATE TRIGGER sites_keep BEFORE DELETE ON sites BEGIN SELECT RAISE(ABORT, 'sites are kept'); END;
-- A site's log only grows, and neither its organisation nor its epoch goes back.
CREATE TRIGGER sites_grow BEFORE UPDATE ON sites
WHEN new.site <> old.site OR new.org <> old.org OR new.size < old.size OR new.epoch < old.epoch OR new.backed_up < old.backed_up
BEGIN SELECT RAISE(ABORT, 'a site never shrinks'); END;
