-- The views: what the fold of a site's log comes to, as rows. Every key starts with the site.
--
-- All of it follows from the ledger (save `view_contacts`, which says when a phone was last in touch): it may be dropped and
-- is then built again to the same content. `server/docs/views.md` says what each table is for.

-- How far a site's log is folded, and what the overview shows of it.
CREATE TABLE view_sites (
    site           BLOB    NOT NULL PRIMARY KEY CHECK (length(site) = 16),
    position       INTEGER NOT NULL,             -- the next position to fold
    board          TEXT    NOT NULL DEFAULT '',  -- name, zone, plans and devices, for lists over many sites
    open_incidents INTEGER NOT NULL DEFAULT 0,
    open_major     INTEGER NOT NULL DEFAULT 0,
    unsigned       INTEGER NOT NULL DEFAULT 0,   -- handovers offered or signed by one side
    conflicts      INTEGER NOT NULL DEFAULT 0,   -- records with values that nobody has settled
    opaque         INTEGER NOT NULL DEFAULT 0,
    refused        INTEGER NOT NULL DEFAULT 0,
    held           INTEGER NOT NULL DEFAULT 0,
    waiting        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- One row a segment: when it came, and what its header proves of its time.
CREATE TABLE view_segments (
    site          BLOB    NOT NULL,
    position      INTEGER NOT NULL,
    id            BLOB    NOT NULL,
    chain         BLOB    NOT NULL,
    first         INTEGER NOT NULL,
    last          INTEGER NOT NULL,
    quality       INTEGER NOT NULL,
    not_before_ms INTEGER,
    received_ms   INTEGER NOT NULL,
    PRIMARY KEY (site, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_segments_by_id ON view_segments (site, id);

-- One row an entry, where it first came. `verdict`: 0 counts, 1 opaque, 2 refused, 3 held, 4 waits.
CREATE TABLE view_entries (
    site       BLOB    NOT NULL,
    position   INTEGER NOT NULL,
    n          INTEGER NOT NULL,  -- place in its segment, from 0
    chain      BLOB    NOT NULL,
    seq        INTEGER NOT NULL,
    leaf       BLOB    NOT NULL,
    kind       INTEGER NOT NULL,
    family     INTEGER NOT NULL,
    record     BLOB,              -- the first it is about
    author     BLOB,
    claimed_ms INTEGER NOT NULL,
    best_ms    INTEGER NOT NULL,  -- the best that can be said of its time
    verdict    INTEGER NOT NULL,
    reason     TEXT    NOT NULL,  -- empty when it counts
    PRIMARY KEY (site, position, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_entries_by_number ON view_entries (site, chain, seq);
CREATE INDEX view_entries_by_time ON view_entries (site, best_ms, position, n);
CREATE INDEX view_entries_by_author ON view_entries (site, author, best_ms, position, n);
CREATE INDEX view_entries_by_family ON view_entries (site, family, best_ms, position, n);
CREATE INDEX view_entries_problems ON view_entries (site, verdict, best_ms, position, n) WHERE verdict <> 0;

-- From a record to the entries behind it.
CREATE TABLE view_record_entries (
    site     BLOB    NOT NULL,
    record   BLOB    NOT NULL,
    best_ms  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (site, record, best_ms, position, n)
) STRICT, WITHOUT ROWID;

-- One row a record: its summary, and of it what lists sort and filter by.
CREATE TABLE view_records (
    site        BLOB    NOT NULL,
    record      BLOB    NOT NULL,
    kind        INTEGER NOT NULL,
    state       INTEGER NOT NULL,  -- what it means belongs to the kind
    severity    INTEGER NOT NULL,
    conflicts   INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,  -- what lists sort by: a planned round's window, otherwise the first entry's best time
    plan        BLOB,
    first_ms    INTEGER NOT NULL,  -- best times of the first and last entry
    last_ms     INTEGER NOT NULL,
    done_ms     INTEGER,           -- a round: best time of its first signature
    signed      BLOB NOT NULL,     -- a handover's signatures: role, decision, document
    summary     BLOB    NOT NULL,
    PRIMARY KEY (site, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_records_by_kind ON view_records (site, kind, at_ms, record);
CREATE INDEX view_records_by_state ON view_records (site, kind, state, severity);
CREATE INDEX view_records_disputed ON view_records (site) WHERE conflicts > 0;

CREATE TABLE view_cells (
    site   BLOB    NOT NULL,
    record BLOB    NOT NULL,
    field  INTEGER NOT NULL,
    member BLOB    NOT NULL,  -- empty: the whole field; 4 bytes: a number; 16 bytes: an identifier
    value  BLOB    NOT NULL,  -- the chains it names, then the register
    PRIMARY KEY (site, record, field, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE view_additions (
    site   BLOB    NOT NULL,
    record BLOB    NOT NULL,
    field  INTEGER NOT NULL,
    chain  BLOB    NOT NULL,
    seq    INTEGER NOT NULL,
    leaf   BLOB    NOT NULL,
    n      INTEGER NOT NULL,
    value  BLOB    NOT NULL,
    PRIMARY KEY (site, record, field, chain, seq, leaf, n)
) STRICT, WITHOUT ROWID;

-- Which records cite a chain: folded again when that chain turns out to have forked.
CREATE TABLE view_cites (
    site   BLOB NOT NULL,
    chain  BLOB NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (site, chain, record)
) STRICT, WITHOUT ROWID;

-- What is known of each chain and the device behind it.
CREATE TABLE view_chains (
    site        BLOB    NOT NULL,
    chain       BLOB    NOT NULL,
    device      BLOB    NOT NULL,
    key         BLOB    NOT NULL,
    role        INTEGER NOT NULL,
    last        INTEGER NOT NULL,  -- the highest number held
    received_ms INTEGER NOT NULL,  -- when something last came
    claimed_ms  INTEGER NOT NULL,  -- claimed and best time of the newest entry
    best_ms     INTEGER NOT NULL,
    quality     INTEGER NOT NULL,
    fork        INTEGER,           -- the first number at which the chain differs from itself
    PRIMARY KEY (site, chain)
) STRICT, WITHOUT ROWID;

-- The highest number of a chain that others say they hold: what exceeds the chain's last is known to be on its way.
CREATE TABLE view_told (
    site  BLOB    NOT NULL,
    chain BLOB    NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (site, chain)
) STRICT, WITHOUT ROWID;

-- When a phone was last in touch, and when it last had nothing more to tell. Not from the log, so it survives a rebuild.
CREATE TABLE view_contacts (
    site     BLOB    NOT NULL,
    device   BLOB    NOT NULL,
    at_ms    INTEGER NOT NULL,
    all_told_ms INTEGER,
    PRIMARY KEY (site, device)
) STRICT, WITHOUT ROWID;
-- Sessions are part of what every judgement leans on: found at once when a server starts.
CREATE INDEX view_additions_sessions ON view_additions (site) WHERE field = 192;
