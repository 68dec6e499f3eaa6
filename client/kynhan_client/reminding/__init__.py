"""Reminders that reach people: on the desktop, by channels at the relay; and what happens, as it happens."""
