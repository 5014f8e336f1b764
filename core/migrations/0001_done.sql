-- Which drafts have become entries, so that repeating a commit whose answer was lost is harmless after the sealing too; and how
-- far the running hash of each own chain had come, so that the rollback guard can be judged without reading the chain.

CREATE TABLE done (
    n     INTEGER PRIMARY KEY,
    draft BLOB    NOT NULL UNIQUE,
    chain INTEGER NOT NULL REFERENCES chains (n),
    seq   INTEGER NOT NULL,
    leaf  BLOB    NOT NULL
) STRICT;

ALTER TABLE chains ADD COLUMN running BLOB; -- over the sealed leaves of an own chain
