"""The one table of routes: what app.py serves, openapi.json specifies, and the access matrix test goes through."""

from __future__ import annotations

from typing import Final

from kynhan_protocol.wire import api
from kynhan_server.web import events
from kynhan_server.web.routes import channels, dispatches, log, statements, status, uploads
from kynhan_server.web.routes.call import Auth, Body, Route

NONE, MEMBER = Auth.NONE, Auth.MEMBER
_POST = Body(api.JSON, api.MAX_JSON)
_SMALL = Body(api.JSON, api.MAX_SMALL_JSON)
_NOTE = Body("text/plain", api.MAX_CHECKPOINT)

ROUTES: Final = (
    Route("health", "GET", api.HEALTH, status.health, NONE, {200: api.JSON}),
    Route("openapi", "GET", api.OPENAPI, status.openapi, NONE, {200: api.JSON}),
    Route("checkpoint", "GET", api.CHECKPOINT, log.checkpoint, NONE, {200: api.NOTE}),
    Route("cosigned", "GET", api.COSIGNED, log.cosigned, NONE, {200: api.NOTE}),
    Route("candidate", "GET", api.CANDIDATE, log.candidate, NONE, {200: api.NOTE}),
    Route("tile", "GET", api.TILE, log.tile, NONE, {200: api.BYTES}),
    Route("postStatement", "POST", api.STATEMENTS, statements.post, NONE, {200: api.JSON}, body=_POST),
    Route("postCosignature", "POST", api.COSIGNATURES, log.cosignatures, NONE, {204: None}, body=_NOTE),
    Route(
        "statements",
        "GET",
        api.STATEMENTS,
        statements.listing,
        MEMBER,
        {200: api.JSON},
        ("from", "limit", "case"),
    ),
    Route("receipt", "GET", api.RECEIPT, statements.receipt, MEMBER, {200: api.NOTE}, ("checkpoint",)),
    Route("document", "GET", api.DOCUMENT, statements.document, MEMBER, {200: api.JSON}),
    Route("chain", "GET", api.CHAIN, statements.chain, MEMBER, {200: api.JSON}),
    Route("calendar", "GET", api.CALENDAR, statements.calendar, MEMBER, {200: api.JSON}),
    Route("header", "GET", api.HEADER, dispatches.header, MEMBER, {200: api.BYTES}),
    Route("body", "GET", api.BODY, dispatches.body, MEMBER, {200: api.BYTES, 206: api.BYTES}),
    Route("createUpload", "POST", api.UPLOADS, uploads.create, MEMBER, {201: None}),
    Route("uploadState", "HEAD", api.UPLOAD, uploads.state, MEMBER, {200: None}),
    Route("appendUpload", "PATCH", api.UPLOAD, uploads.append, MEMBER, {204: None}, streams=True),
    Route("deleteUpload", "DELETE", api.UPLOAD, uploads.delete, MEMBER, {204: None}),
    Route("channels", "GET", api.CHANNELS, channels.listing, MEMBER, {200: api.JSON}),
    Route("addChannel", "POST", api.CHANNELS, channels.add, MEMBER, {201: api.JSON}, body=_SMALL),
    Route("confirmChannel", "POST", api.CONFIRMATION, channels.confirm, MEMBER, {200: api.JSON}, body=_SMALL),
    Route("removeChannel", "DELETE", api.CHANNEL, channels.remove, MEMBER, {204: None}),
    Route("feed", "GET", api.FEED, channels.feed, NONE, {200: api.CALENDAR_FEED}),
    Route("events", "GET", api.EVENTS, events.stream, MEMBER, {200: api.EVENT_STREAM}),
)
