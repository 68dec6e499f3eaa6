-- Our own reminders (reminding/own.py): the steps that were told of, each once on the screen and once on the desktop. A
-- row is `told` = 0 while somebody is about to tell it, since `time`; a step that was passed over for a newer one
-- counts as told.
CREATE TABLE reminded (
    case_id TEXT    NOT NULL,
    step    TEXT    NOT NULL,
    date    TEXT    NOT NULL,
    place   TEXT    NOT NULL CHECK (place IN ('screen', 'desktop')),
    time    INTEGER NOT NULL,
    told    INTEGER NOT NULL CHECK (told IN (0, 1)),
    PRIMARY KEY (case_id, step, date, place)
) STRICT, WITHOUT ROWID;

-- What was shown by the ids of the relay's REMINDERs is told under its step and date: that of the DUE which it named, or
-- the day in Việt Nam on which the package was sent. The lines of a statement's text are searched as in 005.
INSERT OR IGNORE INTO reminded
SELECT said.case_id,
       CAST (substr(said.note, instr(said.note, x'0a7374657020') + 6,
                    instr(substr(said.note, instr(said.note, x'0a7374657020') + 6), x'0a') - 1) AS TEXT),
       CASE about.type
           WHEN 'due' THEN CAST (substr(about.note, instr(about.note, x'0a64756520') + 5, 10) AS TEXT)
           ELSE date(about.log_time, 'unixepoch', '+7 hours')
       END,
       places.place, notified.time, 1
FROM notified
JOIN statements AS said ON said.id = notified.reminder
JOIN statements AS about
    ON about.id = CAST (substr(said.note, instr(said.note, x'0a64756520') + 5, 64) AS TEXT)
JOIN (SELECT 'screen' AS place UNION SELECT 'desktop') AS places
WHERE said.case_id IS NOT NULL AND about.type IN ('due', 'dispatch');

DROP TABLE notified;
