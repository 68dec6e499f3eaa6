"""The errors of `kynhan_keys`: one base, one class for each thing that can be wrong.

All are `ValueError`s: the bytes given are not what they should be. None carries a secret.
"""


class KeysError(ValueError):
    """Anything that `kynhan_keys` refuses."""


class EncodingError(KeysError):
    """A text that is not the one spelling of some bytes: bech32, base64, a key file."""


class AgeError(KeysError):
    """An age file that does not open. `kind` is the class of failure as the published test kit names it."""

    kind: str = "age"


class HeaderError(AgeError):
    """The header does not parse, a stanza of a known type is malformed, or the nonce is cut short."""

    kind = "header"


class MacError(AgeError):
    """A file key was unwrapped, but the header's MAC is not that key's."""

    kind = "hmac"


class NoMatchError(AgeError):
    """The header is well formed, and none of the identities given opens it."""

    kind = "no match"


class PayloadError(AgeError):
    """The payload does not decrypt all the way to its end."""

    kind = "payload"


class ArmorError(AgeError):
    """The text around an armored file is not strict age armor."""

    kind = "armor"


class NoteError(KeysError):
    """A signed note that does not parse."""


class VkeyError(KeysError):
    """A verifier key that does not parse, or that may not be used."""


class SignatureError(KeysError):
    """A signature that is missing, or that does not verify."""


class CheckpointError(KeysError):
    """A checkpoint that does not parse, or that contradicts another one."""


class ProofError(KeysError):
    """An inclusion, consistency or tlog-proof that does not parse or does not hold."""


class TileError(KeysError):
    """A tile or entry bundle that does not parse or does not hash to what it should."""


class PolicyError(KeysError):
    """A tlog-policy that does not parse, or that is not satisfied."""
