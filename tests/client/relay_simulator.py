"""A relay in one process that speaks the real interface (protocol/kynhan_protocol/wire/api.py), and that can cheat.

It keeps everything in memory, believes every statement it is given, and signs what it is told to: the tests of the
client are about what the client believes. The cheats are at the end of the class.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from itertools import count
from typing import Any

from aiohttp import hdrs, web

from kynhan_keys import checkpoints, cosignatures, merkle, notes, proofs, tiles
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.notes import Note
from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol import strict_json
from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.case import fold
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Acceptance,
    Dispatch,
    Due,
    Handover,
    Receipt,
    RootStatement,
    Statement,
)
from kynhan_protocol.wire import api

ORIGIN = "relay.example/kynhan"
LOG = "ccq-ca"


@dataclass
class Tree:
    """The log's tree, and the checkpoints signed over it by size."""

    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    checkpoints: dict[int, bytes] = field(default_factory=dict)

    def get(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


class RelaySimulator:
    """One log. `posix` tells the time in seconds; `roots` are the committees' root vkeys."""

    def __init__(self, roots: dict[str, str], posix: Callable[[], int]) -> None:
        self.posix = posix
        self.ed25519 = Signer.ed25519(ORIGIN, secrets.token_bytes(32))
        self.ml_dsa_44 = Signer.ml_dsa_44(ORIGIN, secrets.token_bytes(32))
        self.roots = roots
        self.committees = Committees.of(Chain(name, Vkey.parse(text)) for name, text in roots.items())
        self.log: list[Logged] = []
        self.by_id: dict[str, Logged] = {}
        self.tree = Tree()
        self.answers: dict[str, tuple[str, int, list[str]]] = {}
        self.cosigned: dict[int, list[notes.Signature]] = {}
        self.documents: dict[str, bytes] = {}
        self.headers: dict[str, bytes] = {}
        self.bodies: dict[str, bytes] = {}
        self.uploads: dict[str, bytearray] = {}
        self.lengths: dict[str, int] = {}
        self.cases: dict[str, Any] = {}
        self.listeners: list[asyncio.Queue[bytes]] = []
        self.withheld: set[int] = set()
        self.due_shift = 0
        self.owes_due = False
        self.due_changes: dict[str, Any] = {}
        self.refuse_with: tuple[int, str] | None = None
        self.replaced: dict[str, bytes] = {}
        self.break_after: int | None = None
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._publish()

    # --- running

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[RelaySimulator]:
        app = web.Application(client_max_size=1 << 30, middlewares=[self._middleware])
        app.on_response_prepare.append(self._dated)
        for method, template, handler in (
            ("GET", api.CHECKPOINT, self._checkpoint),
            ("GET", api.CANDIDATE, self._checkpoint),
            ("GET", api.COSIGNED, self._cosigned),
            ("GET", api.TILE.replace("{tile}", "{tile:.+}"), self._tile),
            ("POST", api.COSIGNATURES, self._cosignature),
            ("POST", api.STATEMENTS, self._post),
            ("GET", api.STATEMENTS, self._statements),
            ("GET", api.RECEIPT, self._receipt),
            ("GET", api.DOCUMENT, self._document),
            ("GET", api.CHAIN, self._chain),
            ("GET", api.HEADER, self._header),
            ("GET", api.BODY, self._body),
            ("POST", api.UPLOADS, self._create),
            ("HEAD", api.UPLOAD, self._state),
            ("PATCH", api.UPLOAD, self._append),
            ("DELETE", api.UPLOAD, self._delete),
            ("GET", api.EVENTS, self._events),
        ):
            app.router.add_route(method, template, handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            for queue in self.listeners:
                queue.put_nowait(b"")
            await runner.cleanup()

    def address(self) -> bytes:
        """What `kynhan-relay admit --json` prints, and the rest of a relay's address."""
        return json.dumps(
            {
                "log": LOG,
                "origin": ORIGIN,
                "ed25519": str(self.ed25519.vkey),
                "ml-dsa-44": str(self.ml_dsa_44.vkey),
                "url": self.url,
                "roots": self.roots,
            }
        ).encode()

    # --- the log

    def time(self) -> datetime:
        return datetime.fromtimestamp(self.posix(), UTC)

    def post(self, note: bytes, **parts: Any) -> tuple[str, int, list[str]]:
        signed = signing.parse(note)
        if signed.text_hash in self.answers:
            return self.answers[signed.text_hash]
        statement, index, time = signed.statement, len(self.log), self.time()
        group = [Logged(index, signed.id, statement, note, time)]
        group.append(self._answer(group[0]))
        if isinstance(statement, Dispatch):
            self.headers[signed.id] = parts.get("header") or b""
            self.bodies[signed.id] = parts.get("body") or bytes(self.uploads.get(parts.get("upload"), b""))
        for data in parts.get("documents", ()):
            self.documents[hashlib.sha256(data).hexdigest()] = data
        due = self._due(group)
        if due is not None:
            group.append(self._own(index + 2, due))
            self._fold(group[-1])
        self.append(group)
        if isinstance(statement, RootStatement):
            self.committees = self.committees.append(group[0])
        receipts = [self.proof(one.index, len(self.log)).decode() for one in group]
        self.answers[signed.text_hash] = (signed.id, index, receipts)
        return self.answers[signed.text_hash]

    def append(self, group: list[Logged]) -> None:
        """Logs a group, whatever is in it, and signs the tree."""
        leaves = [merkle.leaf_hash(bytes.fromhex(one.id)) for one in group]
        for level, index, hash_ in merkle.new_nodes(len(self.log), leaves, self.tree.get):
            self.tree.nodes[level, index] = hash_
        self.log += group
        self.by_id |= {one.id: one for one in group}
        self._publish()
        for one in group:
            event = {"index": one.index, "id": one.id, "type": "statement", "case": None}
            for queue in self.listeners:
                queue.put_nowait(f"id: {one.index}\nevent: statement\ndata: {json.dumps(event)}\n\n".encode())

    def proof(self, index: int, size: int) -> bytes:
        path = merkle.inclusion_proof(index, size, self.tree.get)
        return proofs.format(proofs.Proof(self.log[index].note, index, tuple(path), self.signed(size)))

    def signed(self, size: int) -> bytes:
        """The checkpoint of a size with all cosignatures known."""
        note = notes.parse(self.tree.checkpoints[size])
        return notes.format(Note(note.text, (*note.signatures, *self.cosigned.get(size, []))))

    def sign_tree(self, size: int, root: bytes) -> bytes:
        return notes.format(
            checkpoints.sign(Checkpoint(ORIGIN, size, root), self.ed25519, self.ml_dsa_44, self.posix())
        )

    def _publish(self) -> None:
        size = len(self.log)
        self.tree.checkpoints[size] = self.sign_tree(size, merkle.root(size, self.tree.get))

    def _own(self, index: int, statement: Statement) -> Logged:
        signed = signing.sign(statement, self.ed25519)
        return Logged(index, signed.id, signed.statement, signed.note, self.time())

    def _case_of(self, logged: Logged) -> str | None:
        statement = logged.statement
        if isinstance(statement, Dispatch | Due):
            return statement.case
        about = getattr(statement, "dispatch", None) or getattr(statement, "of", None)
        found = self.by_id.get(str(about))
        return None if found is None else self._case_of(found)

    def _fold(self, logged: Logged) -> Any:
        case_id = self._case_of(logged)
        if case_id is None:
            return None
        known = self.cases.get(case_id)
        sha = known.profile if known else logged.statement.profile  # type: ignore[union-attr]
        found = profile.parse(self.documents[sha])
        book = CalendarBook.begin(
            found.calendar, found.committees, calendar.parse(self.documents[found.calendar])
        )
        self.cases[case_id] = fold.apply(known, logged, found, book)
        return fold.due_for(self.cases[case_id], logged, found, book)

    def _due(self, group: list[Logged]) -> Due | None:
        draft = None
        self.by_id[group[0].id] = group[0]  # so that the acceptance finds what it names
        for one in group:
            draft = self._fold(one) or draft
        if draft is None or self.owes_due:
            return None
        return Due(
            **{name: getattr(draft, name) for name in Due.__dataclass_fields__ if hasattr(draft, name)}
            | {
                "due": draft.due + timedelta(days=self.due_shift),
                "relay": ORIGIN,
                "time": self.time(),
                "nonce": secrets.token_bytes(16),
            }
            | self.due_changes
        )

    # --- cheating

    def withhold(self, index: int) -> None:
        """From now on the text of this entry is not served."""
        self.withheld.add(index)

    def fork(self, keep: int) -> None:
        """Another history that begins like this one and parts from it behind `keep` entries; properly signed."""
        kept = self.log[:keep]
        rest = len(self.log) - keep
        self.log, self.tree, self.cosigned = [], Tree(), {}
        if kept:
            self.append(kept)
        for number in count():
            if number > rest:
                break
            self.append(
                [
                    self._own(
                        len(self.log),
                        Acceptance(
                            of="00" * 32, relay=ORIGIN, time=self.time(), nonce=secrets.token_bytes(16)
                        ),
                    )
                ]
            )

    def log_without_check(self, statement: Statement, *signers: Signer) -> None:
        """Logs and answers what an honest relay would refuse."""
        signed = signing.sign(statement, *signers)
        time = self.time()
        first = Logged(len(self.log), signed.id, signed.statement, signed.note, time)
        self.append([first, self._answer(first)])

    def _answer(self, logged: Logged) -> Logged:
        """The statement that names it, at the next index."""
        statement = logged.statement
        nonce = secrets.token_bytes(16)
        common: dict[str, Any] = {"of": logged.id, "relay": ORIGIN, "time": logged.time, "nonce": nonce}
        if isinstance(statement, Receipt):
            return self._own(logged.index + 1, Handover(dispatch=statement.dispatch, **common))
        return self._own(logged.index + 1, Acceptance(**common))

    def log_own(self, statement: Statement) -> None:
        """Logs a statement of the relay's own, whatever it says."""
        self.append([self._own(len(self.log), statement)])

    # --- HTTP

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.refuse_with is not None:
            return self._problem(*self.refuse_with)
        if request.path in self.replaced:
            return web.Response(body=self.replaced[request.path])
        if not request.path.startswith(f"/v1/logs/{LOG}/"):
            return self._problem(404, "not-found")
        return await handler(request)

    async def _dated(self, request: web.Request, response: web.StreamResponse) -> None:
        """As the relay's answers are: by its own clock."""
        response.headers[hdrs.DATE] = formatdate(self.posix(), usegmt=True)

    def _problem(self, status: int, code: str) -> web.Response:
        told = api.Problem(f"{api.PROBLEM_TYPE}{code}", code, status, f"The simulator says {code}.", code)
        return web.Response(status=status, body=strict_json.encode(told), content_type=api.PROBLEM)

    async def _checkpoint(self, request: web.Request) -> web.Response:
        return web.Response(body=self.signed(len(self.log)))

    async def _cosigned(self, request: web.Request) -> web.Response:
        sizes = [size for size, lines in self.cosigned.items() if len(lines) == len(self.roots)]
        if not sizes:
            return self._problem(404, "not-found")
        return web.Response(body=self.signed(max(sizes)))

    async def _tile(self, request: web.Request) -> web.Response:
        tile = tiles.parse_path("tile/" + request.match_info["tile"])
        if tile.index * 256 + tile.width > len(self.log) and tile.level in (0, "entries"):
            return self._problem(404, "not-found")
        if tile.level != tiles.ENTRIES:
            return web.Response(body=tiles.hash_tile(tile, self.tree.get))
        first = tile.index * 256
        return web.Response(
            body=tiles.encode_entries([bytes.fromhex(one.id) for one in self.log[first : first + tile.width]])
        )

    async def _cosignature(self, request: web.Request) -> web.Response:
        checkpoint, note = checkpoints.parse(await request.read())
        line = note.signatures[-1]
        keys = [
            one.statement.signing for one in self.committees.in_force(checkpoint.size, self.time()).values()
        ]
        vkey = next((key for key in keys if line.is_under(key)), None)
        if vkey is None or checkpoint.root != merkle.root(checkpoint.size, self.tree.get):
            return self._problem(400, "bad-checkpoint")
        cosignatures.verify(vkey, line, ORIGIN, checkpoint.size, checkpoint.root)
        lines = self.cosigned.setdefault(checkpoint.size, [])
        lines[:] = [one for one in lines if one.name != line.name] + [line]
        return web.Response(status=204)

    async def _post(self, request: web.Request) -> web.Response:
        sent = strict_json.decode(await request.read(), api.PostStatement)
        id_, index, receipts = self.post(
            sent.note.encode(),
            header=sent.header,
            body=sent.body,
            upload=sent.upload,
            documents=sent.documents,
        )
        return _json(api.Posted(id_, index, tuple(receipts)))

    def _note(self, one: Logged) -> api.LoggedNote:
        return api.LoggedNote(one.index, one.id, one.note.decode())

    async def _statements(self, request: web.Request) -> web.Response:
        start, limit = int(request.query["from"]), int(request.query["limit"])
        found = [self._note(one) for one in self.log[start : start + limit] if one.index not in self.withheld]
        return _json(api.Statements(len(self.log), tuple(found)))

    async def _receipt(self, request: web.Request) -> web.Response:
        index = next((one.index for one in self.log if one.id == request.match_info["id"]), None)
        sizes = [size for size, lines in self.cosigned.items() if len(lines) == len(self.roots)]
        size = max(sizes, default=0) if request.query.get("checkpoint") else len(self.log)
        if index is None or index >= size:
            return self._problem(404, "not-found")
        return web.Response(body=self.proof(index, size))

    async def _document(self, request: web.Request) -> web.Response:
        data = self.documents.get(request.match_info["sha256"])
        return self._problem(404, "not-found") if data is None else web.Response(body=data)

    async def _chain(self, request: web.Request) -> web.Response:
        name = request.match_info["committee"]
        links = tuple(self._note(one) for one in self.committees.chains[name].links)
        return _json(api.ChainOf(name, len(self.log), links))

    async def _header(self, request: web.Request) -> web.Response:
        id_ = request.match_info["id"]
        if not any(isinstance(one.statement, Receipt) and one.statement.dispatch == id_ for one in self.log):
            return self._problem(404, "not-found")
        return web.Response(body=self.headers[id_])

    async def _body(self, request: web.Request) -> web.StreamResponse:
        data = self.bodies.get(request.match_info["id"])
        if data is None:
            return self._problem(404, "not-found")
        start = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        response = web.StreamResponse(status=206 if start else 200)
        if start:
            response.headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        response.content_length = len(data) - start
        await response.prepare(request)
        end = len(data) if self.break_after is None else min(len(data), start + self.break_after)
        await response.write(data[start:end])
        if end < len(data):
            assert request.transport is not None
            request.transport.abort()
        return response

    async def _create(self, request: web.Request) -> web.Response:
        id_ = secrets.token_hex(16)
        self.uploads[id_] = bytearray()
        self.lengths[id_] = int(request.headers["Upload-Length"])
        return web.Response(status=201, headers={"Location": f"/v1/logs/{LOG}/uploads/{id_}"})

    async def _state(self, request: web.Request) -> web.Response:
        data = self.uploads.get(request.match_info["upload"])
        if data is None:
            return self._problem(404, "not-found")
        length = self.lengths[request.match_info["upload"]]
        return web.Response(headers={"Upload-Offset": str(len(data)), "Upload-Length": str(length)})

    async def _append(self, request: web.Request) -> web.Response:
        data = self.uploads[request.match_info["upload"]]
        if int(request.headers["Upload-Offset"]) != len(data):
            return self._problem(409, "upload-offset")
        start = len(data)
        async for piece in request.content.iter_any():
            data += piece
            if self.break_after is not None and len(data) - start >= self.break_after:
                assert request.transport is not None
                request.transport.abort()
                break
        return web.Response(status=204, headers={"Upload-Offset": str(len(data))})

    async def _delete(self, request: web.Request) -> web.Response:
        self.uploads.pop(request.match_info["upload"], None)
        return web.Response(status=204)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": api.EVENT_STREAM})
        await response.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.listeners.append(queue)
        try:
            await response.write(b": hello\n\n")
            while piece := await queue.get():
                await response.write(piece)
        finally:
            self.listeners.remove(queue)
        return response


def _json(value: object) -> web.Response:
    return web.Response(body=strict_json.encode(value), content_type=api.JSON)
