"""What the events of a log come to, computed without the program: the past that reports speak of."""

import datetime

from ledger import PERMISSIONS

DAY = 86_400
BUILT_IN = {
    "viewer": "accounts:read projects:read clients:read",
    "auditor": "accounts:read projects:read clients:read tokens:read billing:read audit:read",
    "billing": "accounts:read accounts:write billing:read billing:write",
    "manager": "accounts:read projects:read projects:write clients:read clients:write "
               "secrets:write tokens:read tokens:revoke",
    "owner": PERMISSIONS,
}
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def microseconds(text):
    """Since 1970, of a time as events have it."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


def text(microseconds):
    moment = EPOCH + datetime.timedelta(microseconds=microseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Past:
    """The ledger after some events, at a time in microseconds (that of the last event unless given).
    """

    def __init__(self, events, time=None):
        self.events = events
        self.time = microseconds(events[-1]["recorded"]) if time is None else time
        self.names, self.projects, self.clients, self.secrets = {}, {}, {}, {}
        self.tokens, self.ended = {}, {}
        self.ends, self.suspended = [], set()
        self.grants, self.roles, self.reads = [], {}, []
        for name, permissions in BUILT_IN.items():
            self.roles[name] = {"name": name, "since": dict.fromkeys(permissions.split(), 0)}
        for event in events:
            thing, _, verb = event["type"].partition(".")
            change = getattr(self, f"{thing}_{verb}", None)
            if change:
                change(event, event["data"])

    # What events do

    def account_opened(self, event, data):
        self.names[event["subject"]] = data["name"]

    def account_renamed(self, event, data):
        self.names[event["subject"]] = data["after"]

    def account_resumed(self, event, data):
        self.suspended.discard(event["subject"])

    def account_suspended(self, event, data):
        self.suspended.add(event["subject"])
        clients = {id for id, client in self.clients.items()
                   if client["account"] == event["subject"]}
        self.end(event, None, [], lambda token: token["client"] in clients)

    def project_edited(self, event, data):
        self.names[event["subject"]] = data["after"].get("name", self.names[event["subject"]])

    def project_created(self, event, data):
        self.names[event["subject"]] = data["name"]

    def client_added(self, event, data):
        self.clients[event["subject"]] = data | {
            "id": event["subject"], "created": event["recorded"], "status": "active",
            "deleted": False}
        self.names[event["subject"]] = data["client_name"]
        self.secret(event, data["secret"], event["subject"])

    def secret(self, event, secret, client):
        self.secrets[secret["id"]] = {
            "id": secret["id"], "client": client, "created": event["recorded"],
            "last_four": secret["last_four"], "expires": None, "revoked": None, "used": None}

    def client_renamed(self, event, data):
        self.clients[event["subject"]]["client_name"] = data["after"]
        self.names[event["subject"]] = data["after"]

    def client_edited(self, event, data):
        self.clients[event["subject"]] |= data["after"]
        old, new = (set(side.get("scope", "").split()) for side in (data["before"], data["after"]))
        if not old <= new or "audience" in data["after"]:
            self.stop(event, None, [])

    def client_disabled(self, event, data):
        self.stop(event, "disabled", [])

    def client_enabled(self, event, data):
        self.clients[event["subject"]]["status"] = "active"

    def client_revoked(self, event, data):
        self.stop(event, "revoked", self.active_secrets(event, event["subject"]))

    def client_deleted(self, event, data):
        self.stop(event, None, self.active_secrets(event, event["subject"]))
        self.clients[event["subject"]]["deleted"] = True

    def client_owner_changed(self, event, data):
        self.clients[event["subject"]]["owner"] = data["after"]

    def stop(self, event, status, secrets):
        client = self.clients[event["subject"]]
        if status:
            client["status"] = status
        for secret in secrets:
            self.secrets[secret]["revoked"] = event["recorded"]
        self.end(event, client["id"], secrets, lambda token: token["client"] == client["id"])

    def secret_rotated(self, event, data):
        for old in data["replaced"]:
            self.secrets[old["id"]]["expires"] = old["expires"]
        self.secret(event, data["secret"], data["client"])
        if data["replaced"]:
            self.end(event, data["client"], [old["id"] for old in data["replaced"]],
                     lambda token: False)

    def secret_revoked(self, event, data):
        self.secrets[event["subject"]]["revoked"] = event["recorded"]
        self.end(event, data["client"], [event["subject"]],
                 lambda token: token["secret"] == event["subject"])

    def token_issued(self, event, data):
        self.tokens[event["subject"]] = data | {
            "client": event["actor"]["id"], "id": event["subject"],
            "issued": event["recorded"], "position": event["position"], "good": True}
        self.secrets[data["secret"]]["used"] = event["recorded"]

    def token_revoked(self, event, data):
        self.end(event, data["client"], [], lambda token: token["id"] == event["subject"])

    def audit_read(self, event, data):
        self.reads.append(data | {"client": event["actor"]["id"]})

    def role_defined(self, event, data):
        self.roles[event["subject"]] = {"since": {}}
        self.revise(event, data)

    def role_revised(self, event, data):
        self.revise(event, data["after"])

    def revise(self, event, data):
        role = self.roles[event["subject"]]
        role["name"] = data.get("name", role.get("name"))
        if "permissions" in data:
            role["since"] = {permission: role["since"].get(permission, event["position"])
                             for permission in data["permissions"]}

    def role_granted(self, event, data):
        self.grants.append(data | {"client": event["subject"], "position": event["position"]})

    def role_withdrawn(self, event, data):
        self.grants = [grant for grant in self.grants if grant["grant"] != data["grant"]]

    def end(self, event, client, secrets, concerns):
        now = microseconds(event["recorded"]) // 1_000_000
        ended = [token for token in self.tokens.values()
                 if token["good"] and token["exp"] > now and concerns(token)]
        for token in ended:
            token["good"] = False
        self.ends.append((event, client, secrets, len(ended)))

    def active_secrets(self, event, client):
        now = microseconds(event["recorded"])
        return [secret["id"] for secret in self.secrets.values()
                if secret["client"] == client and self.is_active(secret, now)]

    def is_active(self, secret, time=None):
        now = (self.time if time is None else time) // 1_000_000
        return not secret["revoked"] and (secret["expires"] is None or secret["expires"] > now)

    # What reports say

    def of_client(self, id):
        client = self.clients[id]
        return {
            "account": client["account"], "account_name": self.names[client["account"]],
            "project": client["project"], "project_name": self.names[client["project"]],
            "client": id, "client_id": client["client_id"], "client_name": client["client_name"],
            "mode": client["mode"], "status": client["status"]}

    def of_account(self, id):
        nothing = dict.fromkeys(self.of_client(next(iter(self.clients))))
        return nothing | {"account": id, "account_name": self.names[id]}

    def of_secret(self, secret):
        expires = secret["expires"]
        return {
            "secret": secret["id"], "last_four": secret["last_four"],
            "created": secret["created"], "expires": expires and text(expires * 1_000_000),
            "last_used": secret["used"], "last_used_before": None}

    def living(self):
        return [client for id, client in sorted(self.clients.items()) if not client["deleted"]]

    def days(self, since):
        return (self.time - microseconds(since)) // (DAY * 1_000_000)

    def credential_population(self):
        for client in self.living():
            active = [secret for secret in self.secrets.values()
                      if secret["client"] == client["id"] and self.is_active(secret)]
            yield self.of_client(client["id"]) | {
                "account_status":
                    "suspended" if client["account"] in self.suspended else "active",
                "application_type": client["application_type"], "owner": client["owner"],
                "created": client["created"], "active_secrets": len(active)}

    def secrets_older_than(self):
        for _, secret in sorted(self.secrets.items()):
            if self.is_active(secret):
                yield self.of_client(secret["client"]) | self.of_secret(secret) | {
                    "age_days": self.days(secret["created"])}

    def expiring_secrets(self):
        for row in self.secrets_older_than():
            if row["expires"]:
                left = microseconds(row["expires"]) // 1_000_000 - self.time // 1_000_000
                del row["age_days"]
                yield row | {"seconds_left": left}

    def dormant_clients(self):
        for client in self.living():
            last = None
            for token in self.tokens.values():
                if token["client"] == client["id"]:
                    last = token
            yield self.of_client(client["id"]) | {
                "owner": client["owner"], "created": client["created"],
                "last_token": last and last["id"], "last_token_issued": last and last["issued"],
                "last_token_position": last and last["position"],
                "dormant_days": self.days(last["issued"] if last else client["created"])}

    def audit_reads(self):
        for client, what in sorted({(read["client"], read["what"]) for read in self.reads}):
            reads = [read for read in self.reads if (read["client"], read["what"]) == (client, what)]
            minutes = [text(read["minute"] * 1_000_000) for read in reads]
            yield {"client": client, "client_name": self.names[client], "what": what,
                   "count": sum(read["count"] for read in reads),
                   "first": minutes[0], "last": minutes[-1]}

    def ownerless_clients(self):
        holders = {grant["client"] for grant in self.grants}
        for client in self.living():
            owner = self.clients[client["owner"]]
            if owner["deleted"] or owner["id"] not in holders:
                why = "owner_deleted" if owner["deleted"] else "owner_without_role"
                yield self.of_client(client["id"]) | {
                    "owner": owner["id"], "owner_name": owner["client_name"], "why": why}

    def permission_holders(self):
        for client in self.living():
            for grant in self.grants:
                if grant["client"] == client["id"]:
                    yield from self.of_grant(client, grant)

    def of_grant(self, client, grant):
        role = self.roles[grant["role"]]
        kind = next((kind for kind in ("account", "project") if kind in grant), "everything")
        for permission in sorted(role["since"], key=PERMISSIONS.split().index):
            since = self.events[max(grant["position"], role["since"][permission])]
            by = since["actor"]
            own = by["kind"] == "client"
            yield {
                "client": client["id"], "client_id": client["client_id"],
                "client_name": client["client_name"], "status": client["status"],
                "permission": permission, "place": kind, "place_id": grant.get(kind),
                "place_name": kind in grant and self.names[grant[kind]] or None,
                "role": grant["role"], "role_name": role["name"], "grant": grant["grant"],
                "since": since["recorded"], "since_position": since["position"],
                "by": by["id"] if own else "system",
                "by_name": self.names[by["id"]] if own else by["id"],
                "reason": since.get("reason")}

    def revocations(self):
        for event, client, secrets, tokens in self.ends:
            effect = self.effect(event, secrets)
            later = [each["position"] for each in self.events
                     if microseconds(each["recorded"]) >= effect]
            started = event["position"] if effect == microseconds(event["recorded"]) else None
            actor = event["actor"]
            yield (self.of_client(client) if client else self.of_account(event["subject"])) | {
                "position": event["position"], "time": event["recorded"], "trigger": event["type"],
                "subject": event["subject"], "by": actor["id"], "by_name": self.names[actor["id"]],
                "grounds": event["data"].get("grounds"), "reason": event.get("reason"),
                "secrets": secrets, "secrets_ended": len(secrets), "tokens_ended": tokens,
                "tokens_ended_is_lower_bound": False,
                "effect_position": started if started is not None else next(iter(later), None),
                "effect_time": text(effect),
                "seconds_to_effect": (effect - microseconds(event["recorded"])) // 1_000_000}

    def effect(self, event, secrets):
        effect = microseconds(event["recorded"])
        if event["type"] == "secret.rotated":
            for secret in map(self.secrets.get, secrets):
                end = secret["expires"] * 1_000_000
                if secret["revoked"]:
                    end = min(end, microseconds(secret["revoked"]))
                effect = max(effect, end)
        return effect
