-- Which dispatches have a header, and which a body: the 64 hex digits behind the name of that line of their text. Both
-- belong to one dispatch.
CREATE INDEX statements_header ON statements (substr(note, instr(note, x'0a68656164657220') + 8, 64))
    WHERE type = 'dispatch';
CREATE INDEX statements_body ON statements (substr(note, instr(note, x'0a626f647920') + 6, 64))
    WHERE type = 'dispatch';
