"""`python -m kynhan_keys`: the age side as a plain tool, for interoperability and rescue.

Input comes from stdin and output goes to stdout, in constant memory. Exit status 0; 1 for a file that does
not open, with one line on stderr that begins with the class of failure; 2 for wrong use or trouble with a
file; 130 after Ctrl-C. Secrets come from files, never from the command line. Unlike the rest of the package
this module does I/O, reads the clock (for keygen's comment) and draws random numbers.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from kynhan_keys import age, header, identities, mlkem768x25519, scrypt
from kynhan_keys.armor import DETECTION_SIZE, armor, dearmor, is_armored
from kynhan_keys.errors import AgeError, KeysError

PIECE_SIZE = 1 << 20
"""Bytes read at a time."""

_Command = Callable[[argparse.Namespace, Iterator[bytes]], Iterable[bytes]]
"""Takes the arguments and stdin, gives stdout."""

_EXAMPLES = """\
examples:
  python -m kynhan_keys keygen -o key.txt
  python -m kynhan_keys recipient -i key.txt
  tar c letter.pdf | python -m kynhan_keys seal -r age1pq1... > letter.age
  python -m kynhan_keys open -i key.txt < letter.age | tar x
  python -m kynhan_keys open --passphrase-file words.txt < key.age > key.txt
  python -m kynhan_keys split --header letter.header --body letter.body < letter.age
  python -m kynhan_keys join letter.header letter.body | age -d -i key.txt

A file that does not open gives status 1 and one line that begins with the class of failure:
  header    not an age file, or a damaged or unsupported start of one
  hmac      the start of the file was altered after it was sealed
  no match  the keys given are not those it was sealed to
  payload   the contents are damaged or cut short; what came before the fault was written
  armor     the text form of the file is damaged
"""


class _TroubleError(Exception):
    """Wrong use, or a file that can't be read or written: one sentence for the user, exit status 2."""


def main(argv: list[str] | None = None, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None) -> int:
    """Runs the tool and gives its exit status. Arguments that don't parse end in argparse's SystemExit(2)."""
    arguments = _parser().parse_args(argv)
    run: _Command = arguments.run
    output = sys.stdout.buffer if stdout is None else stdout
    try:
        return _write(run(arguments, _pieces(sys.stdin.buffer if stdin is None else stdin)), output)
    except _TroubleError as trouble:
        print(f"kynhan_keys: {trouble}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our output has gone. What is left in the buffer has to go nowhere when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"kynhan_keys: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _write(pieces: Iterable[bytes], output: BinaryIO) -> int:
    """Writes every piece that comes before a failure, then the failure's one line."""
    try:
        for piece in pieces:
            output.write(piece)
    except AgeError as error:
        output.flush()
        print(f"{error.kind}: {error}", file=sys.stderr)
        return 1
    output.flush()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kynhan_keys",
        description="Make keys, seal and open age files with post-quantum recipients. Stdin to stdout.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: _Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        made.set_defaults(run=run)
        return made

    keygen = command("keygen", _keygen, "make an identity file")
    keygen.add_argument("-o", "--output", type=Path, metavar="FILE", help="new file (mode 0600), not stdout")

    recipient = command("recipient", _recipient, "print the recipients of an identity file")
    recipient.add_argument("-i", "--identity", type=Path, required=True, metavar="FILE")

    seal = command("seal", _seal, "seal stdin to recipients")
    seal.add_argument("-r", "--recipient", nargs="+", action="extend", required=True, metavar="RECIPIENT")
    seal.add_argument("-a", "--armor", action="store_true", help="write the text form")

    open_ = command("open", _open, "open the age file on stdin")
    open_.add_argument("-i", "--identity", type=Path, action="append", default=[], metavar="FILE")
    open_.add_argument("--passphrase-file", type=Path, metavar="FILE", help="holds the message's passphrase")

    split = command("split", _split, "split the age file on stdin in two new files")
    split.add_argument("--header", type=Path, required=True, metavar="FILE")
    split.add_argument("--body", type=Path, required=True, metavar="FILE")

    join = command("join", _join, "join a header and a body to an age file")
    join.add_argument("header", type=Path, metavar="HEADER")
    join.add_argument("body", type=Path, metavar="BODY")
    return parser


def _keygen(arguments: argparse.Namespace, _: Iterator[bytes]) -> Iterable[bytes]:
    identity = mlkem768x25519.Identity(secrets.token_bytes(mlkem768x25519.SEED_SIZE))
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: TID251 - a remark in the file
    text = f"# created: {created}\n{identities.format_identities([identity])}".encode()
    if arguments.output is None:
        return [text]
    with _create(arguments.output) as file:
        file.write(text)
    return [f"Public key: {identity.recipient()}\n".encode()]


def _recipient(arguments: argparse.Namespace, _: Iterator[bytes]) -> Iterable[bytes]:
    return [f"{identity.recipient()}\n".encode() for identity in _read_identities(arguments.identity)]


def _seal(arguments: argparse.Namespace, source: Iterator[bytes]) -> Iterable[bytes]:
    try:
        recipients = [identities.parse_recipient(text) for text in arguments.recipient]
        sealed = age.seal(source, recipients, file_key=secrets.token_bytes(16), nonce=secrets.token_bytes(16))
    except KeysError as error:
        raise _TroubleError(f"these recipients can't be sealed to: {error}") from None
    return armor(sealed) if arguments.armor else sealed


def _open(arguments: argparse.Namespace, source: Iterator[bytes]) -> Generator[bytes, None, None]:
    keys: list[age.Identity] = []
    for path in arguments.identity:
        keys += _read_identities(path)
    if arguments.passphrase_file:
        passphrase = _read(arguments.passphrase_file)
        keys.append(scrypt.Identity(passphrase.removesuffix(b"\n").removesuffix(b"\r")))
    yield from age.open_(_binary(source), keys)


def _split(arguments: argparse.Namespace, source: Iterator[bytes]) -> Generator[bytes, None, None]:
    pieces = _binary(source)
    start, rest = age.read_header(pieces)
    header.parse(start)
    with ExitStack() as undo:
        for path, contents in ((arguments.header, [start]), (arguments.body, chain([rest], pieces))):
            with _create(path) as file:
                undo.callback(path.unlink)
                for piece in contents:
                    file.write(piece)
        undo.pop_all()
    yield from ()


def _join(arguments: argparse.Namespace, _: Iterator[bytes]) -> Generator[bytes, None, None]:
    with _open_file(arguments.header) as first, _open_file(arguments.body) as second:
        start = first.read(header.MAX_SIZE + 1)
        header.parse(start)
        yield start
        yield from _pieces(second)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    read = getattr(file, "read1", file.read)
    while piece := read(PIECE_SIZE):
        yield piece


def _binary(source: Iterator[bytes]) -> Iterator[bytes]:
    """The input as binary, whichever form it has."""
    start = b""
    for piece in source:
        start += piece
        if len(start) >= DETECTION_SIZE:
            break
    pieces = chain([start], source)
    return dearmor(pieces) if is_armored(start) else pieces


def _read_identities(path: Path) -> list[identities.AgeIdentity]:
    data = _read(path)
    if is_armored(data) or data.startswith(header.VERSION_LINE):
        raise _TroubleError(f"{path} is itself sealed: open it first, with --passphrase-file")
    try:
        found = identities.parse_identities(data.decode())
    except UnicodeDecodeError:
        raise _TroubleError(f"{path} is not an identity file: it is not text") from None
    except KeysError as error:
        raise _TroubleError(f"{path} is not an identity file: {error}") from None
    if not found:
        raise _TroubleError(f"{path} holds no identity")
    return found


def _read(path: Path) -> bytes:
    with _open_file(path) as file:
        return file.read()


def _open_file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise _TroubleError(f"{path}: {error.strerror}") from None


def _create(path: Path) -> BinaryIO:
    """A new file that only its owner may read; what exists is never overwritten."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise _TroubleError(f"{path} exists, and nothing is overwritten") from None
    except OSError as error:
        raise _TroubleError(f"{path}: {error.strerror}") from None


if __name__ == "__main__":
    sys.exit(main())
