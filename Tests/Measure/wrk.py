"""Load by wrk: the scripts that tell it what to ask, and what it saw."""

import pathlib
import re
import subprocess

from subjects import basic

FORM = '["Content-Type"] = "application/x-www-form-urlencoded"'


def token_script(clients, answers=None):
    """Token requests for a client drawn at random; the tokens go to a file if one is given."""
    credentials = ", ".join(f'"{basic(client)}"' for client in clients)
    script = f"""
local credentials = {{ {credentials} }}
local headers = {{ {FORM} }}
math.randomseed(os.time())
request = function()
  headers["Authorization"] = credentials[math.random(#credentials)]
  return wrk.format("POST", "/connect/token", headers, "grant_type=client_credentials")
end
"""
    if answers:
        script += f"""
local file = io.open("{answers}", "w")
response = function(status, headers, body)
  file:write(body:match('"access_token":"([^"]+)"'), "\\n")
end
"""
    return script


def introspection_script(client, tokens, order):
    """Introspection of the tokens in a file: `in_turn`, or `at_random`."""
    index = {"in_turn": "turn % #tokens + 1", "at_random": "math.random(#tokens)"}[order]
    return f"""
local tokens, turn = {{}}, 0
for line in io.lines("{tokens}") do tokens[#tokens + 1] = line end
local headers = {{ {FORM}, ["Authorization"] = "{basic(client)}" }}
math.randomseed(os.time())
request = function()
  local token = tokens[{index}]
  turn = turn + 1
  return wrk.format("POST", "/connect/introspect", headers, "token=" .. token)
end
"""


def load(url, connections, seconds, script=None):
    """Requests, requests a second, and the latencies in milliseconds by their percentile."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    result = subprocess.run(
        command + (["-s", str(script)] if script else []) + [url], capture_output=True, text=True)
    text = result.stdout
    if result.returncode != 0 or "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"wrk on {url}: {text}{result.stderr}")
    latency = {
        percent: float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
        for percent, number, unit in re.findall(r"(\d+)%\s+([\d.]+)(us|ms|s)\b", text)
    }
    requests = int(re.search(r"(\d+) requests in", text)[1])
    return requests, float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), latency


def write(path, text):
    pathlib.Path(path).write_text(text)
    return path
