"""What a command shows: sentences and tables, JSON and CSV; and which lines of a list are wanted."""
