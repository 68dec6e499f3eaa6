"""Packages on their way: drafted, sent, waiting in the outbox, received, signed for, opened, kept, destroyed."""
