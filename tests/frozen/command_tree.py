"""Every command of both programs, as click has it: its words, its help as printed, its options as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import click

from kynhan_client.__main__ import kynhan
from kynhan_server.operator.cli import relay

PROGRAMS: Final[dict[str, click.Command]] = {"kynhan": kynhan, "kynhan-relay": relay}


@dataclass(frozen=True)
class Node:
    """A command or group under its words: `("kynhan", "profile", "sign")`."""

    words: tuple[str, ...]
    command: click.Command

    @property
    def name(self) -> str:
        """As typed."""
        return " ".join(self.words)

    @property
    def is_leaf(self) -> bool:
        """Whether it does something itself, not only through a word more."""
        return not isinstance(self.command, click.Group)

    def options(self) -> list[dict[str, Any]]:
        """Its options and arguments in their order, each with all that a script may rely on."""
        return [_parameter(one) for one in self.command.params]


def every() -> Iterator[Node]:
    """Both programs from the top down, each group before its commands, in the order of the help."""
    for program, command in PROGRAMS.items():
        yield from _below((program,), command, click.Context(command, info_name=program))


def _below(words: tuple[str, ...], command: click.Command, context: click.Context) -> Iterator[Node]:
    yield Node(words, command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, f"{' '.join(words)} lists {name} and has no such command"
            yield from _below((*words, name), found, click.Context(found, parent=context, info_name=name))


def _parameter(one: click.Parameter) -> dict[str, Any]:
    told: dict[str, Any] = {
        "parameter": one.param_type_name,
        "names": [*one.opts, *one.secondary_opts],
        "type": _type(one.type),
        "required": one.required,
        "default": _default(one),
    }
    if isinstance(one, click.Option):
        told |= {"multiple": one.multiple, "flag": one.is_flag}
    if one.nargs != 1:
        told["nargs"] = one.nargs
    return told


def _type(kind: Any) -> dict[str, Any]:
    """The type and its bounds: choices, range, forms of a date, what a path may be."""
    known = (
        "choices",
        "case_sensitive",
        "min",
        "max",
        "min_open",
        "max_open",
        "formats",
        "exists",
        "file_okay",
    )
    info: dict[str, Any] = {**kind.to_info_dict()}
    return {"name": info["name"]} | {key: _plain(info[key]) for key in (*known, "dir_okay") if key in info}


def _default(one: click.Parameter) -> Any:
    """The default as data. "Not given" has had several spellings in click; all of them are null."""
    value = one.get_default(click.Context(click.Command("x")), call=False)
    return _plain(value) if isinstance(value, str | int | float | tuple | list) else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
