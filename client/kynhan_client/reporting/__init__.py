"""Periodic reports: made from our own copy of the log, printed, sent with their proofs, and checked by anybody."""
