"""What may follow what in a case, and how it stands: the table, the fold over the log, its dates and reminders."""
