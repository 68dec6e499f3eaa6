"""Words around every command's help."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "due.write-like": (
        "{given}: viết như 2024-12-20T09:00:00+07:00",
        "{given}: write it as 2024-12-20T09:00:00+07:00",
    ),
    "help.usage": ("Cách dùng", "usage"),
    "help.options": ("Tùy chọn", "options"),
    "help.required": ("bắt buộc", "required"),
    "help.default": ("mặc định", "default"),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "help": ("Xem cách dùng.", "Show this help."),
    "version": ("Xem phiên bản.", "Show the version."),
}
