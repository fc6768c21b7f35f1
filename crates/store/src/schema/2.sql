-- What lists show and sort by without reading documents. The next analysis fills it in for
-- incidents that are there: their hash is taken for another one.
ALTER TABLE incidents ADD COLUMN color INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN hops INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN origin_label TEXT NOT NULL DEFAULT '';
ALTER TABLE incidents ADD COLUMN open_findings INTEGER NOT NULL DEFAULT 0;
-- Where it stands with people, as in `triage`.
ALTER TABLE incidents ADD COLUMN status TEXT NOT NULL DEFAULT 'new';
UPDATE incidents SET hash = 0;
UPDATE incidents SET status = COALESCE(
    (SELECT status FROM triage WHERE triage.incident = incidents.id), 'new');
CREATE INDEX incidents_by_gravity ON incidents (state, severity, last_seen, id);
CREATE INDEX incidents_by_last_seen ON incidents (state, last_seen, id);
CREATE INDEX incidents_by_first_seen ON incidents (state, first_seen, id);
CREATE INDEX incidents_by_change ON incidents (state, changed_at, id);
CREATE INDEX incidents_by_hops ON incidents (state, hops, id);
CREATE INDEX incidents_by_status ON incidents (state, status, id);
CREATE INDEX incidents_by_origin ON incidents (state, origin, id);

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
    incident TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

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

-- What was decided before the last decision, so that it can be undone.
ALTER TABLE triage ADD COLUMN undo_status TEXT;
ALTER TABLE triage ADD COLUMN undo_reason TEXT;
ALTER TABLE triage ADD COLUMN undo_note TEXT;

CREATE INDEX muted_by_incident ON muted (incident);
CREATE INDEX audit_by_subject ON audit (subject);
