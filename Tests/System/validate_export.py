"""Validates exported events with tools that know nothing of this program: the SDK of CloudEvents,
and OCSF's own schema of 1.8.0 as the package ocsf-json-schema has it.

usage: validate_export.py cloudevents|ocsf <LINES

Prints a line for each event that is wrong. Runs with the programs that need_python_tools of
Scripts/packages fetches.
"""

import functools
import json
import re
import sys

import jsonschema


def cloudevent(line):
    from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
    from cloudevents.core.formats.json import JSONFormat
    event = json.loads(line)
    message = HTTPMessage({"content-type": "application/cloudevents+json"}, line)
    from_structured_event(message, JSONFormat())
    # What the SDK leaves to the format: CloudEvents 1.0 §3.1, and its schema of the JSON format.
    jsonschema.validate(event, CLOUDEVENT, format_checker=jsonschema.FormatChecker())


# After the schema that the specification gives (cloudevents/formats/cloudevents.json, 1.0.2), with
# the rule for the names of attributes beside it.
CLOUDEVENT = {
    "type": "object",
    "required": ["id", "source", "specversion", "type"],
    "propertyNames": {"pattern": "^[a-z0-9]{1,20}$"},
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "format": "uri-reference", "minLength": 1},
        "specversion": {"const": "1.0"},
        "type": {"type": "string", "minLength": 1},
        "datacontenttype": {"type": "string", "minLength": 1},
        "dataschema": {"type": "string", "format": "uri", "minLength": 1},
        "subject": {"type": "string", "minLength": 1},
        "time": {"type": "string", "format": "date-time"},
        "data": {},
    },
    "additionalProperties": {"type": ["string", "boolean"]},
}


@functools.cache
def ocsf_schemas():
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
    return OcsfJsonSchemaEmbedded(get_ocsf_schema("1.8.0"))


@functools.cache
def ocsf_validator(uid):
    schemas = ocsf_schemas()
    schema = schemas.get_class_schema(schemas.lookup_class_name_from_uid(uid))
    return jsonschema.Draft202012Validator(schema)


def ocsf(line):
    record = json.loads(line)
    ocsf_validator(record["class_uid"]).validate(record)
    wanted = record["class_uid"] * 100 + record["activity_id"]
    if record["type_uid"] != wanted:
        raise ValueError(f"type_uid is not {wanted}")
    # An enumerated attribute's name beside its number is that of the schema, but for 99.
    attributes = ocsf_schemas().schema.schema["classes"][
        ocsf_schemas().lookup_class_name_from_uid(record["class_uid"])]["attributes"]
    caption = attributes["activity_id"]["enum"][str(record["activity_id"])]["caption"]
    if record["activity_id"] != 99 and record["activity_name"] != caption:
        raise ValueError(f"activity_name is not {caption}")


def main(check):
    for line in sys.stdin.buffer:
        try:
            check(line)
        except Exception as error:
            message = re.sub(r"\s+", " ", str(error))[:300]
            print(f"{type(error).__name__}: {message}")


if __name__ == "__main__":
    main({"cloudevents": cloudevent, "ocsf": ocsf}[sys.argv[1]])
