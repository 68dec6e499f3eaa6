"""Bytes in, bytes out: age files, signed notes, cosignatures, Merkle trees, tiles, proofs, policies.

Nothing here does I/O or reads a clock, and randomness comes in as an argument, with two exceptions:
`__main__`, which is a program, and the ephemeral keys that OpenSSL draws itself when a file key is wrapped
(`mlkem768x25519`, `x25519`). Every error is a `kynhan_keys.errors.KeysError`.
"""
