-- Evidence, in parts that merge. Parts of one level are merged into one of the next.
CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    level INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;

-- A segment in pieces, compressed as a whole.
CREATE TABLE segment_pieces (
    segment INTEGER NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
    piece INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (segment, piece)
) STRICT, WITHOUT ROWID;

-- Objects that were read, or that cannot be read. `version` tells two contents of one name apart.
CREATE TABLE objects (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    done_at INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes_read INTEGER NOT NULL,
    bytes_on_disk INTEGER NOT NULL,
    records INTEGER NOT NULL,
    events_read INTEGER NOT NULL,
    is_partial INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX objects_by_time ON objects (done_at);

-- What was not read, what was set aside, and what to know about what was read.
CREATE TABLE remarks (
    kind TEXT NOT NULL CHECK (kind IN ('skipped', 'set_aside', 'note')),
    -- Empty where it stands for the remarks beyond those that are listed.
    source TEXT NOT NULL,
    text TEXT NOT NULL,
    records INTEGER NOT NULL,
    -- Remarks that it stands for beyond those that are listed.
    more INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, source, text)
) STRICT, WITHOUT ROWID;

-- Sums of the objects whose rows were dropped by retention, and other single values.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;

-- Where each source stood.
CREATE TABLE cursors (
    source TEXT PRIMARY KEY,
    cursor TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('open', 'withdrawn')),
    severity INTEGER NOT NULL,
    title TEXT NOT NULL,
    origin TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incidents_by_severity ON incidents (state, severity DESC, first_seen DESC);

CREATE TABLE findings (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL,
    detector TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'withdrawn')),
    severity INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_by_incident ON findings (incident);

-- What became of findings and incidents. Rows are only ever added.
CREATE TABLE history (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    incident TEXT NOT NULL,
    finding TEXT,
    what TEXT NOT NULL,
    severity INTEGER NOT NULL,
    was INTEGER,
    because TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_incident ON history (incident);

-- What people decided about incidents.
CREATE TABLE triage (
    incident TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- The last line of the history when the status was decided on.
    decided_behind INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE suppressions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    detector TEXT,
    reason TEXT NOT NULL,
    owner TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

-- Incidents that suppressions have muted, wholly or in part.
CREATE TABLE muted (
    suppression INTEGER NOT NULL REFERENCES suppressions (id),
    incident TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (suppression, incident)
) STRICT, WITHOUT ROWID;

-- Every change that a person made. Rows are only ever added.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'the history is only ever added to'); END;
-- Retention says first how much it drops, in `facts`.
CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history
WHEN OLD.what = 'new'
OR OLD.at >= COALESCE((SELECT value FROM facts WHERE name = 'history_kept_from'), OLD.at)
BEGIN SELECT RAISE(ABORT, 'the history is only ever added to'); END;

-- Alerts that are to be sent, and those that were: the latest of a sink and an incident says what
-- the sink was told.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sink TEXT NOT NULL,
    incident TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    payload BLOB NOT NULL,
    enqueued_at INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'parked')),
    settled_at INTEGER,
    UNIQUE (sink, incident, revision)
) STRICT;
CREATE INDEX outbox_by_state ON outbox (sink, state, incident, id);
