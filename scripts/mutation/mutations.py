"""The ways in which a rule can be written wrong by one token: every mutation of a Python file, as new text of a place.

A comparison the other way or off by its edge, `and` for `or`, a condition that always or never holds, a number one
more, a flag turned, a sum that subtracts, the larger for the smaller, a code misspelt, an item of a table left out, a
call not made. Not touched: docstrings, annotations, imports, sentences (what has a space in it).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

COMPARISONS = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"), ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}  # fmt: skip
SUMS = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.BitOr: ("|", "&"), ast.BitAnd: ("&", "|")}
NAMES = {"max": "min", "min": "max", "any": "all", "all": "any", "first": "last"}


@dataclass(frozen=True, order=True)
class Mutation:
    """Bytes `start` to `end` of a file, from `line` on, become `new`."""

    start: int
    end: int
    line: int
    new: str

    def apply(self, source: bytes) -> bytes:
        """The file with this one thing changed."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def of(source: bytes) -> list[Mutation]:
    """Every mutation of a file, in the order of its text; each is still Python."""
    tree = ast.parse(source)
    found = sorted(set(_Places(source).of(tree)))
    return [one for one in found if _parses(one.apply(source))]


def _parses(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


class _Places:
    def __init__(self, source: bytes) -> None:
        self._source = source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def of(self, node: ast.AST) -> Iterator[Mutation]:
        yield from self._here(node)
        for child in self._children(node):
            yield from self.of(child)

    def _children(self, node: ast.AST) -> Iterator[ast.AST]:
        """What below a node is code: no annotations, docstrings, exceptions, words for the type checker."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Module():
                defaults = () if isinstance(node, ast.Module | ast.ClassDef) else node.args.defaults
                yield from defaults
                yield from (one for one in node.body if not _is_text(one))
            case ast.AnnAssign(value=value):
                yield from () if value is None else (value,)
            case ast.Raise() | ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Assert():
                return
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return
            case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar" | "NewType"))):
                return
            case _:
                yield from ast.iter_child_nodes(node)

    def _here(self, node: ast.AST) -> Iterator[Mutation]:
        match node:
            case ast.Compare(left=left, ops=ops, comparators=right):
                for before, op, after in zip([left, *right], ops, right, strict=False):
                    yield self._between(before, after, *COMPARISONS[type(op)])
            case ast.BoolOp(op=op, values=values):
                words = ("and", "or") if isinstance(op, ast.And) else ("or", "and")
                for before, after in pairwise(values):
                    yield self._between(before, after, *words)
            case ast.BinOp(left=before, op=op, right=after) if type(op) in SUMS:
                yield self._between(before, after, *SUMS[type(op)])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self._node(node, self._text(operand))
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                yield self._node(test, "False")
                if not isinstance(node, ast.While):
                    yield self._node(test, "True")
            case ast.comprehension(ifs=ifs):
                yield from (self._node(test, "True") for test in ifs)
            case ast.match_case(guard=guard) if guard is not None:
                yield from (self._node(guard, word) for word in ("True", "False"))
            case ast.Constant(value=bool() as value):
                yield self._node(node, str(not value))
            case ast.Constant(value=int() as value):
                yield self._node(node, str(value + 1))
            case ast.Constant(value=str() as value) if value and not _is_sentence(node):
                yield self._node(node, repr(value + "X"))
            case ast.Call(func=ast.Name(id=name)) if name in NAMES:
                yield self._node(node.func, NAMES[name])
            case ast.Expr(value=ast.Call() | ast.YieldFrom() | ast.Yield()):
                yield self._node(node, "pass")
            case ast.Tuple(elts=elts) | ast.Set(elts=elts) | ast.List(elts=elts) if len(elts) > 1:
                yield from self._without_each(node, elts)
            case ast.Return(value=value) if value is not None and not _is_flag(value):
                yield self._node(value, "None")

    def _without_each(self, node: ast.AST, elts: list[ast.expr]) -> Iterator[Mutation]:
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return
        for gone in (one for one in elts if not _is_sentence(one)):
            start, end = self._span(gone)
            rest = self._source[end:]
            comma = len(rest) - len(rest.lstrip())
            if rest[comma : comma + 1] == b",":
                yield Mutation(start, end + comma + 1, gone.lineno, "")

    def _between(self, before: ast.expr, after: ast.expr, old: str, new: str) -> Mutation:
        start, end = self._span(before)[1], self._span(after)[0]
        text = self._source[start:end].decode()
        at = text.find(old)
        line = (before.end_lineno or before.lineno) + text[:at].count("\n")
        return Mutation(
            start + len(text[:at].encode()), start + len(text[: at + len(old)].encode()), line, new
        )

    def _node(self, node: ast.AST, new: str) -> Mutation:
        start, end = self._span(node)
        return Mutation(start, end, node.lineno, new)  # type: ignore[attr-defined]

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self._source[start:end].decode()

    def _span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._lines[node.lineno - 1] + node.col_offset,
            self._lines[node.end_lineno - 1] + node.end_col_offset,
        )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def _is_flag(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)
