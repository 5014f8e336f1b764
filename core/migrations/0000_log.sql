-- The log of one site, and what is derived from it. Columns of `segments` keep their meaning in every later version, so that
-- an older app can still export what a newer one has recorded.

CREATE TABLE store (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    org        BLOB    NOT NULL,
    root       BLOB    NOT NULL,           -- the organisation's public key, pinned at enrolment
    site       BLOB    NOT NULL,
    install    BLOB    NOT NULL,           -- this installation; the rollback guard names it too
    generation INTEGER NOT NULL DEFAULT 0, -- grows with every opening; a second writer notices
    clean      INTEGER NOT NULL DEFAULT 1, -- 0 while open, so that an unclean stop is known
    fold       INTEGER NOT NULL DEFAULT 0, -- by which version of the fold the derived tables were made
    epoch      INTEGER NOT NULL DEFAULT 0, -- the server's
    size       INTEGER NOT NULL DEFAULT 0, -- positions of the site's log held without a hole
    peaks      BLOB    NOT NULL DEFAULT x'' -- the Merkle peaks over them, 32 bytes each
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The log.

CREATE TABLE chains (
    n           INTEGER PRIMARY KEY,        -- the local number by which rows name it
    id          BLOB    NOT NULL UNIQUE,
    certificate BLOB,                       -- of the device that writes it; for own chains
    own         INTEGER NOT NULL DEFAULT 0, -- 0 another's, 1 own and closed, 2 own and written
    tangled     INTEGER NOT NULL DEFAULT 0, -- 1 once two of its segments overlap
    fork        INTEGER                     -- the first number under which two entries differ
) STRICT;

CREATE TABLE segments (
    n         INTEGER PRIMARY KEY,          -- order of arrival
    chain     INTEGER NOT NULL REFERENCES chains (n),
    first     INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    prev      INTEGER NOT NULL,             -- the segment before it; 0 at the chain's start
    id        BLOB    NOT NULL UNIQUE,
    placed    INTEGER NOT NULL DEFAULT 0,   -- 1 while it is known to have a position in the site's log
    header    BLOB    NOT NULL,             -- as signed
    key       BLOB    NOT NULL,
    signature BLOB,
    body      BLOB    NOT NULL              -- 0 packed, 1 packed and compressed
) STRICT;
CREATE INDEX segments_of_chain ON segments (chain, first);
CREATE INDEX segments_unplaced ON segments (chain, first) WHERE placed = 0;

CREATE TRIGGER segments_are_kept BEFORE DELETE ON segments
BEGIN SELECT RAISE (ABORT, 'the log is never deleted'); END;
CREATE TRIGGER segments_stay BEFORE UPDATE OF chain, first, count, prev, id, header, key, body ON segments
BEGIN SELECT RAISE (ABORT, 'the log is never changed'); END;

-- Entries that are durable and not sealed yet.
CREATE TABLE tail (
    chain   INTEGER NOT NULL REFERENCES chains (n),
    seq     INTEGER NOT NULL,
    entry   BLOB    NOT NULL,
    draft   BLOB,
    opening BLOB,                           -- on the first: the header to be, as the clocks and heads then were
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- Entries of an own chain whose key was lost before they could be sealed: kept as evidence, no longer part of the log.
CREATE TABLE stranded (
    chain INTEGER NOT NULL REFERENCES chains (n),
    seq   INTEGER NOT NULL,
    leaf  BLOB    NOT NULL,
    entry BLOB    NOT NULL,
    PRIMARY KEY (chain, seq, leaf)
) STRICT, WITHOUT ROWID;

-- Segments that are not part of the log: state 0 waits for what comes before it, 1 contradicts itself.
CREATE TABLE aside (
    id        BLOB    PRIMARY KEY,
    state     INTEGER NOT NULL,
    chain     INTEGER NOT NULL REFERENCES chains (n),
    first     INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    header    BLOB    NOT NULL,
    key       BLOB    NOT NULL,
    signature BLOB,
    body      BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX aside_of_chain ON aside (chain, state);

CREATE TABLE site_log (
    position INTEGER PRIMARY KEY,
    segment  BLOB NOT NULL
) STRICT;

CREATE TABLE receipts (
    chain    INTEGER NOT NULL REFERENCES chains (n),
    segment  BLOB    NOT NULL,
    seq      INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    root     BLOB    NOT NULL,
    received INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,              -- as signed: evidence
    PRIMARY KEY (chain, segment)
) STRICT, WITHOUT ROWID;

-- Certificates that came outside the log, an issuer's before those it issued.
CREATE TABLE certificates (
    n     INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL UNIQUE
) STRICT;

-- Derived from the log; `rebuild` makes it again.

CREATE TABLE records (
    n       INTEGER PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE,
    kind    INTEGER NOT NULL,
    sort    INTEGER NOT NULL,               -- where lists put it
    summary BLOB    NOT NULL
) STRICT;
CREATE INDEX records_in_lists ON records (kind, sort, n);

CREATE TABLE cells (
    record INTEGER NOT NULL,
    field  INTEGER NOT NULL,
    member ANY     NOT NULL,                -- x'' the whole field, a number, or 16 bytes
    live   BLOB    NOT NULL,                -- the live versions
    PRIMARY KEY (record, field, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE additions (
    record INTEGER NOT NULL,
    field  INTEGER NOT NULL,
    chain  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    leaf   BLOB    NOT NULL,
    n      INTEGER NOT NULL,                -- which of the entry's operations
    value  BLOB    NOT NULL,
    PRIMARY KEY (record, field, chain, seq, leaf, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_segments (
    record  INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    PRIMARY KEY (record, segment)
) STRICT, WITHOUT ROWID;

-- Entries that do not count, with the reason: 1 needs a newer version, 2 refused, 3 held for review, 4 waits.
CREATE TABLE uncounted (
    record  INTEGER NOT NULL,
    chain   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    leaf    BLOB    NOT NULL,
    verdict INTEGER NOT NULL,
    reason  TEXT    NOT NULL,
    PRIMARY KEY (record, chain, seq, leaf)
) STRICT, WITHOUT ROWID;

-- This phone's own.

CREATE TABLE drafts (
    id      BLOB    PRIMARY KEY,
    author  BLOB,
    kind    INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    sealed  BLOB    NOT NULL                -- only its author can read it
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    id    BLOB    PRIMARY KEY,
    salt  BLOB    NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
