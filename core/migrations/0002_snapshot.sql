-- What the log stands on if it did not begin at its beginning: a snapshot of the site, taken over into an empty database.

CREATE TABLE snapshot (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    document BLOB    NOT NULL,              -- as the server signed it
    size     INTEGER NOT NULL,              -- positions of the site's log that it stands for
    peaks    BLOB    NOT NULL,              -- the Merkle peaks over them
    last     INTEGER NOT NULL               -- the last of the segments that came with it
) STRICT;

-- How far each chain is told by it. `whole`: its segments came with it and are part of the log.
CREATE TABLE told (
    chain   INTEGER PRIMARY KEY REFERENCES chains (n),
    key     BLOB    NOT NULL,
    seq     INTEGER NOT NULL,
    segment BLOB    NOT NULL,
    whole   INTEGER NOT NULL
) STRICT;

-- A segment may only leave the log to wait, visibly, for what comes before it.
DROP TRIGGER segments_are_kept;
CREATE TRIGGER segments_are_kept BEFORE DELETE ON segments
WHEN NOT EXISTS (SELECT 1 FROM aside WHERE id = OLD.id)
BEGIN SELECT RAISE (ABORT, 'the log is never deleted'); END;
