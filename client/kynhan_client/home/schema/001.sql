-- The archive, version 1. The file is encrypted page by page; nothing here is ever written elsewhere in clear.
-- Times are POSIX seconds (UTC); ids, hashes of documents and dispatches are lower-case hex SHA-256; JSON is UTF-8.

-- Who we are, where the relay is, and the like: one JSON value per key (home.py, Config).
CREATE TABLE config (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Our copy of the log: every statement that we are served, verified, at its index.
-- `case_id` is that of the case it belongs to, also where its text does not name one (a receipt: its dispatch's);
-- `dispatch` is the dispatch it is about (a dispatch: itself); `log_time` the time of the relay statement naming it.
CREATE TABLE statements (
    idx      INTEGER PRIMARY KEY,
    id       TEXT    NOT NULL UNIQUE,
    note     BLOB    NOT NULL,
    type     TEXT    NOT NULL,
    case_id  TEXT,
    dispatch TEXT,
    log_time INTEGER NOT NULL
) STRICT;
CREATE INDEX statements_case ON statements (case_id, idx) WHERE case_id IS NOT NULL;
CREATE INDEX statements_dispatch ON statements (dispatch, idx) WHERE dispatch IS NOT NULL;
CREATE INDEX statements_type ON statements (type, idx);

-- Every complete subtree of the log's tree (RFC 6962): level 0 holds the leaf hashes.
CREATE TABLE nodes (
    level INTEGER NOT NULL,
    idx   INTEGER NOT NULL,
    hash  BLOB    NOT NULL,
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- Checkpoints of the relay that verified. `own` and `all_cosigned`: cosigned by our committee's witness, by those of
-- all committees. `note` is dropped once a later one took its place, size and root never.
CREATE TABLE checkpoints (
    size         INTEGER PRIMARY KEY,
    root         BLOB    NOT NULL,
    note         BLOB,
    time         INTEGER NOT NULL,
    own          INTEGER NOT NULL DEFAULT 0,
    all_cosigned INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Trees that a checkpoint signed by the relay promised elsewhere (in an answer, inside a package): compared with our
-- copy as soon as it is large enough.
CREATE TABLE promises (
    size INTEGER NOT NULL,
    root BLOB    NOT NULL,
    note BLOB    NOT NULL,
    PRIMARY KEY (size, root)
) STRICT, WITHOUT ROWID;

-- Documents by their hash: profiles, calendars.
CREATE TABLE documents (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Proofs (tlog-proof, whole file): `final` once every committee's witness cosigned the tree it stands in.
CREATE TABLE receipts (
    id    TEXT    PRIMARY KEY,
    proof BLOB    NOT NULL,
    final INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Packages coming in and going out; the ciphertext lies in sealed/. `state` is a word of receive.py or send.py.
CREATE TABLE packages (
    dispatch  TEXT    PRIMARY KEY,
    direction TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    state     TEXT    NOT NULL,
    case_id   TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    body_here INTEGER NOT NULL DEFAULT 0,
    header    BLOB,
    opened_at INTEGER,
    opened_to TEXT,
    fault     TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX packages_state ON packages (direction, state);

-- What waits to be sent, and how far it got. `draft` is JSON of send.py; `file_key` lets a package be sealed again.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT    NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'cancelled')),
    step          TEXT    NOT NULL,
    case_id       TEXT,
    draft         TEXT    NOT NULL,
    note          BLOB,
    header        BLOB,
    file_key      BLOB,
    manifest      BLOB,
    body_path     TEXT,
    body_size     INTEGER,
    body_sha256   TEXT,
    upload        TEXT,
    upload_offset INTEGER NOT NULL DEFAULT 0,
    dispatch      TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    last_error    TEXT,
    created       INTEGER NOT NULL,
    changed       INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_state ON outbox (state, id);

-- Manifests of packages that we opened or made: the register fields, and the whole note.
CREATE TABLE manifests (
    dispatch TEXT PRIMARY KEY,
    note     BLOB NOT NULL,
    subject  TEXT,
    doctype  TEXT,
    number   TEXT,
    symbol   TEXT,
    title    TEXT,
    secrecy  TEXT,
    issued   TEXT,
    fields   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys compared in person, and when: what nothing the relay says can change.
CREATE TABLE pins (
    name  TEXT    PRIMARY KEY,
    value TEXT    NOT NULL,
    time  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was wrong, and how bad: contradiction (we froze), objection (a signed computation differs), alarm (ignored).
-- `once` keeps the same finding from being raised at every sync.
CREATE TABLE alarms (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    time     INTEGER NOT NULL,
    severity TEXT    NOT NULL CHECK (severity IN ('contradiction', 'objection', 'alarm')),
    code     TEXT    NOT NULL,
    en       TEXT    NOT NULL,
    vi       TEXT    NOT NULL,
    idx      INTEGER,
    evidence TEXT,
    once     TEXT    NOT NULL UNIQUE
) STRICT;

-- Our own diary: what this home did and when.
CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    time   INTEGER NOT NULL,
    kind   TEXT    NOT NULL,
    data   TEXT    NOT NULL
) STRICT;
