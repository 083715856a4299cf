"""What schemathesis is told of the server beyond Schemas/openapi.json: loaded by schemathesis.

A schema says of each value alone what it may be. RULES are the refusals of requests that fit the
schema all the same: what they break is a rule between values, or between a value and the ledger.
"""

import itertools
import json
import os
import re
from collections.abc import Mapping

import schemathesis

CALLS = os.environ["API_CALLS"]
THINGS = json.loads(os.environ["API_THINGS"])
# Identifiers of the description's examples, and sets of things to stand in their places: those that
# may be deleted, and others.
EXAMPLES = THINGS["examples"]
MOMENTS = THINGS["moments"]
DOOMED, SPARES = (itertools.cycle(THINGS["spares"][half::2]) for half in (0, 1))
RULES = [re.compile(rule) for rule in (
    # Between values
    r"period: needs account beside it",
    r"(after|before|page|per_page): (cannot stand beside|must be what the Link of an answer gave)",
    r"rates: must not price an item twice in one currency",
    r": the client authenticates in two ways at once",
    r": client_id differs from the one in the Authorization header",
    r"project: must not have an account beside it",
    r"grounds: is required where clients are revoked",
    r"confirm: (is required|does not go with a dry run)",
    r": must name 1 to 1000 clients, secrets and tokens",
    r"tokens\[\d+\]: is there twice",
    # Between a value and the ledger
    r"(account|owner|plan|project|role|clients\[\d+\]|secrets\[\d+\]): no \w+ has this (name or )?id",
    r"tokens\[\d+\]: no token with this id was issued at this position",
    r"scope: .* is not a scope that the project defined",
    r"client_secret: must be another one than the client has or had",
    r"(currency|plan): the plan .* has no rate in [A-Z]{3}",
    r"(from|to): must be a whole number from 0 to \d+",
    r"as_of: must not be before the log began or beyond its end",
    r": the scope is malformed or exceeds what the client was given",
    r": (the project does not have this domain|domain must be the name of a domain)",
    r": X-Forwarded-Host, Origin and domain contradict each other",
    r"addresses(\[\d+\])?: (must be an address or a network|holds a network in two forms)",
    r"network: must be a network such as",
    r"Idempotency-Key: was used with another body",
    # JSON Schema takes 1.0 for an integer, the canonical JSON of the log knows no point in a number.
    r": The body is not JSON that can be taken: a number that is not a plain integer",
)]


def refusals(answer):
    """What a refusal says, as `field: message`."""
    if errors := answer.get("errors"):
        return [f"{error['field']}: {error['message']}" for error in errors]
    return [": " + answer.get("detail", answer.get("error_description", ""))]


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops refusals of requests that fit the schema, where a rule accounts for all that is said."""
    if failure.code != "ST202":
        return True
    said = refusals(json.loads(response.content))
    return not all(any(rule.match(each) for rule in RULES) for each in said)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts things of the ledger where the description's examples stand, as of now. A change befalls things that
    are there, in any version, and none that the caller itself stands on."""
    things = next(DOOMED if case.method == "DELETE" else SPARES)
    stands_for = dict(zip(EXAMPLES, things))
    if case.method != "GET":
        kinds = {thing[:4]: thing for thing in things}
        stands_for |= {value: kinds.get(value[:4], value)
                       for value in (case.path_parameters or {}).values() if is_identifier(value)}
        stands_for |= {value: "*" for value in (case.headers or {}).values() if is_version(value)}
    if case.query and case.query.get("as_of") in MOMENTS:
        case.query = {name: value for name, value in case.query.items() if name != "as_of"}
    for name in ("path_parameters", "query", "headers", "body"):
        value = getattr(case, name)
        if (other := replaced(value, stands_for)) != value:
            setattr(case, name, other)


def is_identifier(value):
    return isinstance(value, str) and re.fullmatch(r"[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}", value)


def is_version(value):
    """An ETag, or the 0 that schemathesis writes where another part of the request is to be wrong."""
    return value == "0" or re.fullmatch(r'"[0-9]+"', str(value))


def replaced(value, stands_for):
    """A value with other identifiers in it."""
    if isinstance(value, Mapping):
        return type(value)({key: replaced(item, stands_for) for key, item in value.items()})
    if isinstance(value, list):
        return [replaced(item, stands_for) for item in value]
    return stands_for.get(value, value) if isinstance(value, str) else value


@schemathesis.hook
def after_call(context, case, response):
    """Notes what was asked, and how it ended."""
    with open(CALLS, "a") as file:
        file.write(f"{case.method.upper()} {case.operation.path} {response.status_code}\n")
