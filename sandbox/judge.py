"""The judge of the bot's requests: hand rules and, where it is named, Discord's own OpenAPI file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from sandbox import rules

Json = dict[str, Any]

_PERMISSIONS = ("permissions", "allow", "deny", "default_member_permissions")
LONG = 160
_METHODS = ("get", "post", "put", "patch", "delete")
_CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
_PREFIX = re.compile(r"^(https?://[^/]+)?(/api)?(/v\d+)?(?=/)")


class _Validator(Protocol):
    def is_valid(self, instance: Any) -> bool:
        """Whether the body fits."""

    def evaluate(self, instance: Any) -> Any:
        """Detailed outcome."""


class Judge:
    """Says what Discord would refuse about a request."""

    def __init__(self, openapi: str | Path | None) -> None:
        """Read the OpenAPI file, if one is named."""
        self._spec: Json = {}
        self._routes: list[tuple[re.Pattern[str], str]] = []
        self._validators: dict[tuple[str, str, str], _Validator] = {}
        if openapi:
            self._spec = widened(json.loads(Path(openapi).read_text(encoding="utf-8")))
            self._routes = _routes(self._spec["paths"])

    @property
    def strict(self) -> bool:
        """Whether an OpenAPI file is being used."""
        return bool(self._spec)

    def violations(self, method: str, path: str, body: object) -> list[str]:
        """Everything wrong with one request; empty when Discord would take it."""
        bare = _PREFIX.sub("", path.split("?", 1)[0]) or "/"
        found = self._by_schema(method.lower(), bare, body) if self._spec else []
        return found + [line for line in rules.violations(method, bare, body) if line not in found]

    def _by_schema(self, method: str, path: str, body: object) -> list[str]:
        """Judge against the OpenAPI file."""
        template = next((name for pattern, name in self._routes if pattern.fullmatch(path)
                         and method in self._spec["paths"][name]), None)  # fmt: skip
        if template is None:
            return [f"{method.upper()} {path}: no such operation in the OpenAPI file"]
        wanted = self._spec["paths"][template][method].get("requestBody") or {}
        media = (wanted.get("content") or {}).get("application/json")
        if media is None:
            return []
        if body is None:
            return ["a JSON body is required"] if wanted.get("required") else []
        schema, branch = self._branch(template, media["schema"], body)
        if schema is None:
            return [f"/type: {branch} is not a callback type"]
        validator = self._validator(method, template, branch, schema)
        return [] if validator.is_valid(body) else [readable(validator.evaluate(body).errors())]

    def _branch(self, template: str, schema: Json, body: object) -> tuple[Json | None, str]:
        """The schema to use; for a callback the one its type names, or the wrong branch would be blamed."""
        if template != _CALLBACK or not isinstance(body, Mapping):
            return schema, ""
        for choice in schema["anyOf"]:
            named = self._spec["components"]["schemas"][choice["$ref"].rsplit("/", 1)[-1]]
            if body.get("type") in named["properties"]["type"]["enum"]:
                return choice, str(choice["$ref"])
        return None, repr(body.get("type"))

    def _validator(self, method: str, template: str, branch: str, schema: Json) -> _Validator:
        """The compiled schema of one operation, made at first use."""
        key = (method, template, branch)
        if key not in self._validators:
            # Imported here so that the sandbox runs without the validator where no file is named.
            import jsonschema_rs

            full = {"components": self._spec["components"], **schema}
            self._validators[key] = jsonschema_rs.Draft202012Validator(full)
        return self._validators[key]


def widened(spec: Json) -> Json:
    """Accept what Discord accepts although its file says otherwise: ids as numbers, permissions as digits."""
    spec["components"]["schemas"]["SnowflakeType"] = {
        "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}]
    }
    _widen_permissions(spec)
    return spec


def _widen_permissions(node: object) -> None:
    """Let integer permission properties be strings of digits too, wherever they occur."""
    if isinstance(node, list):
        for child in node:
            _widen_permissions(child)
    if not isinstance(node, dict):
        return
    properties = node.get("properties")
    for name in _PERMISSIONS:
        if not isinstance(properties, dict):
            break
        schema = properties.get(name)
        if isinstance(schema, dict) and "integer" in schema.get("type", ()):
            properties[name] = {"anyOf": [schema, {"type": "string", "pattern": "^[0-9]+$"}]}
    for child in node.values():
        _widen_permissions(child)


def _routes(paths: Json) -> list[tuple[re.Pattern[str], str]]:
    """Patterns of the paths, literal segments before placeholders."""

    def order(template: str) -> list[bool]:
        return [segment.startswith("{") for segment in template.split("/")]

    found = [name for name, item in paths.items() if any(method in item for method in _METHODS)]
    found.sort(key=order)
    return [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(name))), name) for name in found]


def readable(errors: list[Json]) -> str:
    """One sentence for the deepest complaint; wrong branches of unions (their `type`) are left out."""
    telling = [error for error in errors if "/properties/type" not in str(error["schemaLocation"])]
    deepest = max(telling or errors, key=_depth)
    keyword = str(deepest["schemaLocation"]).rsplit("/", 1)[-1]
    text = str(deepest["error"])
    if len(text) > LONG:  # the whole value is quoted first; what is wrong with it stands at the end
        text = "… " + text[-LONG:]
    return f"{deepest['instanceLocation'] or '/'} {keyword}: {text}"


def _depth(error: Json) -> tuple[int, int]:
    """Deeper first; at one depth a broken limit says more than a missing property of another branch."""
    keyword = str(error["schemaLocation"]).rsplit("/", 1)[-1]
    return str(error["instanceLocation"]).count("/"), int(keyword not in {"required", "enum", "const"})
