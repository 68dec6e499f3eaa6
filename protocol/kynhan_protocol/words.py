"""A phrase in both languages of the screen."""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phrase in Vietnamese and in English."""

    vi: str
    en: str
