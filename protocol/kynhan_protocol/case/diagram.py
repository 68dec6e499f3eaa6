"""The case table as text: a diagram of phases (Mermaid) and a table of kinds (Markdown), for docs/spec/cases.md.

`python -m kynhan_protocol.case.diagram` prints both; a test keeps the page equal to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .kinds import PHASE_LABELS, Addressee, Event, Phase, Rule
from .table import RULES

Edge = tuple[Phase, Phase, str]


def edges() -> Iterator[Edge]:
    """Every way from one phase to another: from, to, and the events that lead there."""
    for rule in RULES.values():
        for event, steps in rule.moves.items():
            for before, after in steps.items():
                yield before, after, f"{rule.kind} {event.value}"
                if event in (Event.SENT, Event.RECEIVED):
                    for undoing in sorted(rule.undone_by):
                        yield after, before, f"{rule.kind} {undoing.value}"


def mermaid() -> str:
    """The diagram: one arrow between two phases, labelled with everything that leads that way."""
    labels: dict[tuple[Phase, Phase], list[str]] = {}
    for before, after, label in edges():
        labels.setdefault((before, after), []).append(label)
    lines = ["stateDiagram-v2"]
    lines += [
        f'    state "{PHASE_LABELS[phase].en}" as {phase.value}' for phase in Phase if phase is not Phase.NEW
    ]
    for (before, after), found in labels.items():
        start = "[*]" if before is Phase.NEW else before.value
        lines.append(f"    {start} --> {after.value}: {', '.join(dict.fromkeys(found))}")
    return "\n".join(lines)


def kinds_table() -> str:
    """The rows of the table, one kind a line."""
    lines = [
        "| kind | | from | to | members | in phases | term | due | regarding | clock | settled by | rows |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for rule in RULES.values():
        cells = (
            f"`{rule.kind}`",
            f"{rule.label.vi} / {rule.label.en}",
            _words(rule.senders),
            _words(rule.addressees),
            _members(rule),
            _phases(rule),
            rule.term.value,
            rule.due.value,
            _regarding(rule),
            rule.clock.value,
            ", ".join(sorted(rule.settled_by)) or "-",
            rule.rows,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def document() -> str:
    """What stands between the markers of docs/spec/cases.md."""
    return f"```mermaid\n{mermaid()}\n```\n\n{kinds_table()}\n"


def _words(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))


def _members(rule: Rule) -> str:
    addressed = rule.addressees & {Addressee.OTHER_MEMBER, Addressee.OWN_MEMBER}
    return _words(rule.member_roles) if addressed else "-"


def _phases(rule: Rule) -> str:
    if rule.phases == frozenset(Phase):
        return "all"
    if rule.phases == frozenset(Phase) - {Phase.NEW}:
        return "all but new"
    return ", ".join(phase.value for phase in Phase if phase in rule.phases)


def _regarding(rule: Rule) -> str:
    kinds = (
        ", ".join(sorted(rule.regarding_kinds)) if len(rule.regarding_kinds) < 10 else "any kind but recall"
    )
    return rule.regarding.value + (f": {kinds}" if kinds else "")


if __name__ == "__main__":
    print(document(), end="")
