"""A figure as a JSON line when it is known, and all figures as a table at the end."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured pair: what was measured, ours and the peer's value in `unit`, and ours divided by the peer's."""

    name: str
    unit: str
    ours: float
    peer_name: str
    peer: float
    better: str  # "higher" or "lower"

    @property
    def ratio(self) -> float:
        return self.ours / self.peer if self.peer else float("inf")


class Report:
    """Collects figures; prints each at once."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)
        print(json.dumps({**asdict(figure), "ratio": round(figure.ratio, 3)}), flush=True)

    def table(self) -> None:
        print(f"\n{'figure':<34} {'ours':>9} {'peer':>9} {'ratio':>6}  unit, peer")
        for figure in self.figures:
            print(
                f"{figure.name:<34} {figure.ours:>9.4g} {figure.peer:>9.4g} {figure.ratio:>6.2f}"
                f"  {figure.unit}, {figure.peer_name} ({figure.better} is better)"
            )
        sys.stdout.flush()
