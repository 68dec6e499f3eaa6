-- Reminders that reach this person: what was put off, and what was shown on the desktop.

-- A case that its owner wants to hear no reminders of before `until` (YYYY-MM-DD, the first day it speaks again).
-- Personal: nobody else learns of it, and no date moves.
CREATE TABLE snoozes (
    case_id TEXT    PRIMARY KEY,
    until   TEXT    NOT NULL,
    time    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- REMINDERs (statement ids) that were shown on the desktop, or passed over for a newer one: each is shown once.
CREATE TABLE notified (
    reminder TEXT    PRIMARY KEY,
    time     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
