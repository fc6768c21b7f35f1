-- What lists show and sort by without reading documents. Rows that have a number are found without
-- being read, and are read up to the last column that is asked for: documents, which are large,
-- stand last. The next analysis fills in what lists show of incidents that are there: their hash
-- is taken for another one.
CREATE TABLE incidents_with_lines (
    id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('open', 'withdrawn')),
    severity INTEGER NOT NULL,
    -- Where it stands with people, as in `triage`.
    status TEXT NOT NULL DEFAULT 'new',
    title TEXT NOT NULL,
    origin TEXT NOT NULL,
    origin_label TEXT NOT NULL,
    color INTEGER NOT NULL,
    hops INTEGER NOT NULL,
    open_findings INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    document ANY NOT NULL
) STRICT;
INSERT INTO incidents_with_lines
SELECT id, state, severity,
    COALESCE((SELECT status FROM triage WHERE triage.incident = incidents.id), 'new'),
    title, origin, '', 0, 0, 0, first_seen, last_seen, opened_at, changed_at, revision, 0, document
FROM incidents;
DROP TABLE incidents;
ALTER TABLE incidents_with_lines RENAME TO incidents;
CREATE INDEX incidents_by_severity ON incidents (state, severity DESC, first_seen DESC, id);
CREATE INDEX incidents_by_gravity ON incidents (state, severity, last_seen, id);
CREATE INDEX incidents_by_last_seen ON incidents (state, last_seen, id);
CREATE INDEX incidents_by_first_seen ON incidents (state, first_seen, id);
CREATE INDEX incidents_by_change ON incidents (state, changed_at, id);
CREATE INDEX incidents_by_hops ON incidents (state, hops, id);
CREATE INDEX incidents_by_status ON incidents (state, status, id);
CREATE INDEX incidents_by_origin ON incidents (state, origin, id);

-- Rows with numbers, for the same reason. Documents are compressed; those that were there are text.
CREATE TABLE findings_with_numbers (
    id TEXT NOT NULL PRIMARY KEY,
    incident TEXT NOT NULL,
    detector TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'withdrawn')),
    severity INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    document ANY NOT NULL
) STRICT;
INSERT INTO findings_with_numbers
SELECT id, incident, detector, state, severity, opened_at, changed_at, revision, hash, document
FROM findings;
DROP TABLE findings;
ALTER TABLE findings_with_numbers RENAME TO findings;
CREATE INDEX findings_by_incident ON findings (incident);

-- What an incident names: accounts, detectors, keys, roles, addresses, events.
CREATE TABLE names (
    value TEXT NOT NULL,
    kind TEXT NOT NULL,
    incident TEXT NOT NULL,
    PRIMARY KEY (value, kind, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_by_incident ON names (incident, kind, value);

-- Whole graphs of incidents whose documents hold only a part of them, compressed.
CREATE TABLE pictures (
    incident TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- What people wrote about incidents. Rows are only ever added.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    incident TEXT NOT NULL,
    text TEXT NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_by_incident ON notes (incident);
CREATE TRIGGER notes_are_not_changed BEFORE UPDATE ON notes
BEGIN SELECT RAISE(ABORT, 'notes are only ever added to'); END;
CREATE TRIGGER notes_are_not_deleted BEFORE DELETE ON notes
BEGIN SELECT RAISE(ABORT, 'notes are only ever added to'); END;

-- Steps of response plans that people have done. `content` tells whether the step is another one
-- since.
CREATE TABLE ticks (
    incident TEXT NOT NULL,
    step TEXT NOT NULL,
    content INTEGER NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (incident, step)
) STRICT, WITHOUT ROWID;

-- What was decided before the last decision, and behind which line of the history, so that it can
-- be undone.
ALTER TABLE triage ADD COLUMN undo_status TEXT;
ALTER TABLE triage ADD COLUMN undo_reason TEXT;
ALTER TABLE triage ADD COLUMN undo_note TEXT;
ALTER TABLE triage ADD COLUMN undo_behind INTEGER;

CREATE INDEX muted_by_incident ON muted (incident);
CREATE INDEX audit_by_subject ON audit (subject);
