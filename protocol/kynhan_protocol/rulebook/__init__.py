"""What a statement must satisfy at its place in the log: every rule once, for relay, reader and judge of evidence."""
