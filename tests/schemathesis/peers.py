"""One caller's things, offered to another: whoever is not their owner must hear that there is nothing."""

import requests


class Peer:
    """Somebody else of the same role, who is sent with every request for what has an owner before the owner sends it."""

    def __init__(self, api):
        self.api = api
        self.session = requests.Session()
        self.token = None
        self.heard = {}

    def try_first(self, case, origin):
        """Sends the case as the peer, and keeps the status for `verdict`."""
        status = self._send(case, origin)
        if status == 401:
            self.token = None  # Access tokens live for minutes, runs for longer.
            status = self._send(case, origin)
        self.heard[case.id] = status

    def _send(self, case, origin):
        self.token = self.token or self.api.register("user")
        words = case.as_transport_kwargs(base_url=f"{origin}/api/v1")
        headers = {name: value for name, value in dict(words.get("headers") or {}).items()
                   if name.lower() not in ("authorization", "x-api-key")}
        words["headers"] = headers | {"Authorization": f"Bearer {self.token}"}
        words.pop("cookies", None)
        return self.session.request(**words, timeout=10).status_code

    def verdict(self, case, status):
        """What is wrong, once the owner has been answered with this status; else None."""
        heard = self.heard.pop(case.id, None)
        if heard is None:
            return None
        if heard < 400:
            return f"somebody else reached it: {heard}"
        if status < 400 and heard != 404:
            return f"somebody else was told {heard}, which shows that it is there, instead of 404"
        return None
