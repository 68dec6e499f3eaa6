-- The archive, version 2: what makes lists fast, search over the register fields, the registers of documents.

-- Cases as this home's own fold made them. A row counts only while `basis` (the code and the calendars it was folded
-- with), `count` and `last_idx` (the case's statements in our copy of the log) are what they were; else it is folded
-- again. Nothing here comes from outside.
CREATE TABLE folded (
    case_id  TEXT    PRIMARY KEY,
    basis    TEXT    NOT NULL,
    count    INTEGER NOT NULL,
    last_idx INTEGER NOT NULL,
    body     BLOB    NOT NULL
) STRICT;

-- What search reads: the register fields of a manifest as one text, with its diacritics (`exact`) and without
-- (`folded`, also đ → d). No file name, no text of a file, no signer. `idx` is the dispatch's place in the log, so that
-- the newest comes first by itself; `time` its log time.
CREATE TABLE searchable (
    idx       INTEGER PRIMARY KEY,
    dispatch  TEXT    NOT NULL UNIQUE,
    direction TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    time      INTEGER NOT NULL,
    doctype   TEXT,
    number    INTEGER,
    exact     TEXT    NOT NULL,
    folded    TEXT    NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
    exact, folded, content = 'searchable', content_rowid = 'idx', prefix = '2 3',
    tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TRIGGER searchable_added AFTER INSERT ON searchable BEGIN
    INSERT INTO search (rowid, exact, folded) VALUES (new.idx, new.exact, new.folded);
END;
CREATE TRIGGER searchable_gone AFTER DELETE ON searchable BEGIN
    INSERT INTO search (search, rowid, exact, folded) VALUES ('delete', old.idx, old.exact, old.folded);
END;

-- Manifests that search does not know yet (search.py takes them in, batch by batch). A manifest that goes takes its
-- entry with it.
CREATE TABLE to_index (
    dispatch TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO to_index SELECT dispatch FROM manifests;
CREATE TRIGGER manifest_added AFTER INSERT ON manifests BEGIN
    INSERT OR IGNORE INTO to_index VALUES (new.dispatch);
END;
CREATE TRIGGER manifest_gone AFTER DELETE ON manifests BEGIN
    DELETE FROM to_index WHERE dispatch = old.dispatch;
    DELETE FROM searchable WHERE dispatch = old.dispatch;
END;

-- The registers of documents (sổ đăng ký văn bản đến / đi), one row a number. `family` is party or state, `series` the
-- document type's abbreviation where numbers run per type, else empty; `period` a year or a term of office.
-- `entered` has its dispatch, and no number where the document bears none; `reserved` was taken for a document that is
-- not sent yet; `void` never will be used. `day` is the date by which the period was chosen.
CREATE TABLE register (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    direction    TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    family       TEXT    NOT NULL CHECK (family IN ('party', 'state')),
    series       TEXT    NOT NULL,
    period       TEXT    NOT NULL,
    number       INTEGER CHECK (number > 0),
    state        TEXT    NOT NULL CHECK (state IN ('entered', 'reserved', 'void')),
    dispatch     TEXT,
    time         INTEGER NOT NULL,
    day          TEXT    NOT NULL,
    distribution TEXT,
    location     TEXT
) STRICT;
CREATE INDEX register_number ON register (direction, family, series, period, number);
CREATE UNIQUE INDEX register_dispatch ON register (dispatch) WHERE dispatch IS NOT NULL AND state = 'entered';
CREATE UNIQUE INDEX register_arrival ON register (family, series, period, number) WHERE direction = 'in';

-- Whether a document with this number came before.
CREATE INDEX manifests_number ON manifests (number, symbol, issued);
