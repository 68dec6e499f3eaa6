"""A log between two committees: statements are taken, ordered, signed and proved, headers kept back, deadlines watched.

ledger.py is the way in, writer.py the one thread that writes, reading.py everything that only reads.
"""
