"""What schemathesis is told of the server beyond Schemas/openapi.json: loaded by schemathesis.

A schema says of each value alone what it may be. RULES are the refusals of requests that fit the
schema all the same: what they break is a rule between values, or between a value and the ledger.
"""

import itertools
import json
import os
import re

import schemathesis

CALLS = os.environ["API_CALLS"]
THINGS = json.loads(os.environ["API_THINGS"])
# Identifiers of the description's examples, and sets of things to stand in their places.
EXAMPLES, SPARES = THINGS["examples"], itertools.cycle(THINGS["spares"])
# What the caller stands on, with the example of its kind.
PROTECTED = THINGS["protected"]
RULES = [re.compile(rule) for rule in (
    # Between values
    r"period: needs account beside it",
    r"rates: must not price an item twice in one currency",
    r": the client authenticates in two ways at once",
    r": client_id differs from the one in the Authorization header",
    # Between a value and the ledger
    r"(account|owner|plan|role): no \w+ has this (name or )?id",
    r"currency: the plan .* has no rate in [A-Z]{3}",
    r"as_of: must not be before the log began or beyond its end",
    r": the scope is malformed or exceeds what the client was given",
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
    """Puts things of the ledger where the description's examples stand, and, in a change, where what
    the caller itself stands on does."""
    stands_for = dict(zip(EXAMPLES, next(SPARES)))
    if case.method.upper() != "GET":
        stands_for |= {own: stands_for[example] for own, example in PROTECTED.items()}
    for name in ("path_parameters", "query", "body"):
        value = getattr(case, name)
        if (other := replaced(value, stands_for)) != value:
            setattr(case, name, other)


def replaced(value, stands_for):
    """A value with other identifiers in it."""
    if isinstance(value, dict):
        return type(value)((key, replaced(item, stands_for)) for key, item in value.items())
    if isinstance(value, list):
        return [replaced(item, stands_for) for item in value]
    return stands_for.get(value, value) if isinstance(value, str) else value


@schemathesis.hook
def after_call(context, case, response):
    """Notes what was asked, and how it ended."""
    with open(CALLS, "a") as file:
        file.write(f"{case.method.upper()} {case.operation.path} {response.status_code}\n")
