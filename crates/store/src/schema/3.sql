-- Lineages and artifacts that have come to rest: evidence that is not analyzed until something
-- leads to it again, in parts, compressed.
CREATE TABLE rest (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Time of the last event, in seconds.
    last INTEGER NOT NULL,
    -- Credentials that were handed out.
    credentials INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX rest_by_time ON rest (last);

-- In which parts a name may be found, by the hash of the name: keys, and principals of what has no
-- key.
CREATE TABLE rest_names (
    hash INTEGER NOT NULL,
    part INTEGER NOT NULL,
    PRIMARY KEY (hash, part)
) STRICT, WITHOUT ROWID;
