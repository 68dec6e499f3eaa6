"""Reminders on their way to people: mail, webhooks and calendar feeds, with an outbox row for each."""
