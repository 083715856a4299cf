"""Schemas/openapi.json, as tests use it."""

import json
import re

from ledger import ROOT

FILE = ROOT / "Schemas/openapi.json"
DOCUMENT = json.loads(FILE.read_text())
METHODS = ("get", "post", "patch", "delete")


def resolve(value):
    """What a reference leads to, with what stands beside it; anything else is itself."""
    if not isinstance(value, dict) or "$ref" not in value:
        return value
    target = DOCUMENT
    for part in value["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    beside = {key: item for key, item in value.items() if key != "$ref"}
    return resolve(target) | beside


class Operation:
    """A method of a path."""

    def __init__(self, path, method):
        self.path, self.method = path, method
        self.item = DOCUMENT["paths"][path]
        self.content = self.item[method]

    def __repr__(self):
        return f"{self.method.upper()} {self.path}"

    @property
    def parameters(self):
        both = self.item.get("parameters", []) + self.content.get("parameters", [])
        return [resolve(parameter) for parameter in both]

    def names(self, place):
        """The names of its parameters in `query`, `path` or `header`."""
        return [each["name"] for each in self.parameters if each["in"] == place]

    @property
    def permissions(self):
        """The permissions that a caller needs."""
        schemes = self.content.get("security", [])
        return {name for scheme in schemes for name in scheme.get("bearer", [])}

    @property
    def media(self):
        """Every media type object of it, with where it stands."""
        bodies = [("request", self.content.get("requestBody"))]
        bodies += list(self.content["responses"].items())
        for place, body in bodies:
            for kind, media in resolve(body or {}).get("content", {}).items():
                yield f"{self} {place} {kind}", media

    def at(self, **ids):
        """The path with identifiers in it; one that nothing has, where none is given."""
        return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], absent(name[1])), self.path)


OPERATIONS = [
    Operation(path, method)
    for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item]
ADMINISTRATION = [each for each in OPERATIONS if each.path.startswith("/admin/")]


def absent(parameter):
    """A value for a path's parameter that names nothing."""
    schema = resolve(resolve({"$ref": f"#/components/parameters/{parameter}"})["schema"])
    if schema["type"] == "integer":
        return str(schema["maximum"])
    return schema["examples"][0] if "examples" in schema else "absent"
