"""The specification, the route table and the shapes in protocol/api.py say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kynhan_protocol.wire import api
from kynhan_server.web.routes.call import Auth, Route
from kynhan_server.web.routes.status import specification
from kynhan_server.web.routes.table import ROUTES

SPEC: dict[str, Any] = json.loads(specification())
STRUCTS = (
    api.PostStatement,
    api.Posted,
    api.LoggedNote,
    api.Statements,
    api.ChainOf,
    api.StatementEvent,
    api.CheckpointEvent,
    api.NewChannel,
    api.Channel,
    api.ChannelMade,
    api.Channels,
    api.Confirmation,
    api.LogHealth,
    api.ClockHealth,
    api.TickHealth,
    api.Health,
    api.Problem,
)


def resolved(node: Any) -> Any:
    """A node with its own reference followed."""
    while isinstance(node, dict) and "$ref" in node:
        found: Any = SPEC
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def operation(route: Route) -> dict[str, Any]:
    return SPEC["paths"][route.path][route.method.lower()]


def test_table_and_document_have_the_same_operations() -> None:
    specified = {
        (method.upper(), path)
        for path, item in SPEC["paths"].items()
        for method in item
        if method in ("get", "head", "post", "put", "patch", "delete", "options")
    }
    assert {(route.method, route.path) for route in ROUTES} == specified
    assert len({route.operation for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
def test_each_operation_says_what_its_route_does(route: Route) -> None:
    said = operation(route)
    assert said["operationId"] == route.operation
    assert said["security"] == ([{"memberSignature": []}] if route.auth is Auth.MEMBER else [])
    good = {
        int(status): resolved(answer) for status, answer in said["responses"].items() if int(status) < 300
    }
    assert {status: next(iter(answer.get("content", {})), None) for status, answer in good.items()} == dict(
        route.gives
    )
    parameters = [resolved(parameter) for parameter in said.get("parameters", ())]
    assert {p["name"] for p in parameters if p["in"] == "query"} == set(route.query)
    for parameter in parameters:
        if parameter["in"] == "path":
            assert parameter["schema"]["pattern"] == f"^{api.PATTERNS[parameter['name']]}$"
            assert f"{{{parameter['name']}}}" in route.path
    assert route.path.count("{") == sum(p["in"] == "path" for p in parameters)
    assert ("requestBody" in said) == (route.body is not None or route.streams)
    if route.body is not None:
        assert list(said["requestBody"]["content"]) == [route.body.media_type]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
def test_problems_are_problem_documents_everywhere(route: Route) -> None:
    responses = operation(route)["responses"]
    assert ("401" in responses) == (route.auth is Auth.MEMBER)
    for status, answer in responses.items():
        if int(status) >= 400 and route.method != "HEAD":
            assert api.PROBLEM in resolved(answer)["content"]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_each_shape_is_its_schema(struct: type[msgspec.Struct]) -> None:
    schema = SPEC["components"]["schemas"][struct.__name__]
    info = msgspec.inspect.type_info(struct)
    assert isinstance(info, msgspec.inspect.StructType)
    assert list(schema["properties"]) == [field.encode_name for field in info.fields]
    assert schema["required"] == [field.encode_name for field in info.fields if field.required]
    assert schema["additionalProperties"] is False


def test_no_schema_is_without_its_shape() -> None:
    assert set(SPEC["components"]["schemas"]) == {struct.__name__ for struct in STRUCTS}


def test_every_problem_code_is_specified() -> None:
    assert SPEC["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == sorted(api.PROBLEMS)


def test_every_reference_leads_somewhere() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                resolved(node)
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(SPEC)


def test_the_page_in_words_names_every_path_and_every_code() -> None:
    page = (Path(__file__).parents[3] / "docs/spec/api.md").read_text("utf-8")
    for route in ROUTES:
        short = route.path.replace(api.LOG, "L").replace("{tile}", "…")
        assert short in page, route.path
    for status in {status for status, _ in api.PROBLEMS.values()}:
        codes = " ".join(f"`{code}`" for code in sorted(api.PROBLEMS) if api.PROBLEMS[code][0] == status)
        assert f"| {status} | {codes} |" in page
