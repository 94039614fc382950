"""The WhatsApp connector in Python: the component, and the one function that it asks of its host (wit/http.wit).

What wasmtime's package makes of the contract: a record is a `Record` whose attributes have the names of the contract, hyphens included; a variant is
its value where Python's types tell the cases apart (a body is None, a str or a list), else a `Variant(tag, payload)`; a result is what it holds.
"""

import json
import re
import time
from dataclasses import dataclass

import httpx
from wasmtime import Engine, Store
from wasmtime.component import Component, Linker, Record, Variant

GRAPH_HOST = "graph.facebook.com"
MEDIA_HOSTS = re.compile(r"lookaside\.fbsbx\.com|.+\.fbcdn\.net|.+\.whatsapp\.net")
FRAMING = {"authorization", "host", "content-length", "transfer-encoding"}
KEPT = ("retry-after", "x-business-use-case-usage")
TIMEOUT_MS = 30_000
LARGEST_ANSWER = 8 * 1024 * 1024


@dataclass
class Settings:
    """The secrets of one connection, and what it may reach."""

    access_token: str
    app_secret: str = ""
    base_url: str = ""
    """Allowed in the place of Meta's Graph API: a simulator or a gateway."""


class WhatsAppError(Exception):
    """An error of the contract: `case` says what to do, `fault` is what the contract calls so."""

    def __init__(self, error: Variant):
        self.case, self.fault = error.tag, error.payload
        super().__init__(f"{self.case}: {self.fault.message}\n{self.fault.advice}")


class Connector:
    """A fresh instance of the component; `send` takes a request and returns a response (`record`) or a failure (`Variant`)."""

    def __init__(self, engine: Engine, component: Component, send):
        self._store = Store(engine)
        linker = Linker(engine)
        with linker.root() as root:
            with root.add_instance("whatsapp:connector/http@0.1.0") as http:
                http.add_func("send", lambda _store, request: send(request))
            root.add_instance("whatsapp:connector/types@0.1.0").close()
        self._instance = linker.instantiate(self._store, component)

    def call(self, interface: str, function: str, *arguments):
        """Calls a function of the contract, by its names there."""
        place = self._instance.get_export_index(self._store, f"whatsapp:connector/{interface}@0.1.0")
        place = self._instance.get_export_index(self._store, function, place)
        result = self._instance.get_func(self._store, place)(self._store, *arguments)
        if isinstance(result, Variant):
            raise WhatsAppError(result)
        return result

    def invoke(self, action: str, connection: dict, fields: dict) -> dict:
        """Runs an action by name, with JSON."""
        return json.loads(self.call("plugin", "invoke", action, json.dumps(connection), json.dumps(fields)))


def record(**fields) -> Record:
    """A record; `_` in the names stands for the contract's `-`."""
    made = Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


class Sender:
    """`http.send` of one connection."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._client = httpx.Client(follow_redirects=False, trust_env=False)

    def __call__(self, request: Record) -> Record | Variant:
        """Sends a request at most once."""
        try:
            return self._send(request)
        except Refused as refused:
            return Variant("denied", str(refused))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as problem:
            return Variant("not-sent", self._blanked(str(problem)))
        except TooLarge:
            return Variant("too-large", LARGEST_ANSWER)
        except httpx.HTTPError as problem:
            return Variant("no-answer", self._blanked(str(problem) or type(problem).__name__))

    def _send(self, request: Record) -> Record:
        url = self._allowed(request.url)
        if request.sink.tag != "memory":
            raise Refused("this host keeps no files" if request.sink.tag == "blob" else "this host keeps no tokens")
        headers = [(header.name, header.value) for header in request.headers if header.name not in FRAMING]
        headers += [("user-agent", "whatsapp-connector-python-example"), ("accept-encoding", "identity")]
        if isinstance(request.body, str):
            headers.append(("content-type", "application/json"))
        # Secrets last: the URL is checked, and nobody reads it or the headers behind this line.
        for credential in request.credentials:
            secret = self._settings.access_token if credential.secret == "access-token" else self._settings.app_secret
            if not secret:
                raise Refused(f"the connection has no {credential.secret}")
            if credential.placement is None:
                headers.append(("authorization", f"Bearer {secret}"))
            else:
                url = url.copy_add_param(credential.placement, secret)
        seconds = (getattr(request, "timeout-ms") or TIMEOUT_MS) / 1000
        end = time.monotonic() + seconds
        with self._client.stream(request.method.upper(), url, headers=headers, timeout=seconds, **encoded(request.body)) as answer:
            content = bytearray()
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER:
                    raise TooLarge
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("the answer took too long")
            kept = [record(name=name, value=self._blanked(answer.headers[name])) for name in KEPT if name in answer.headers]
            return record(status=answer.status_code, headers=kept, body=self._content(bytes(content)))

    def _allowed(self, text: str) -> httpx.URL:
        """The URL, once it is sure that the connection may reach it."""
        try:
            url = httpx.URL(text)
        except httpx.InvalidURL as problem:
            raise Refused(f"{text} is no URL: {problem}") from None
        origin = (url.scheme, url.host, url.port)
        base = httpx.URL(self._settings.base_url)
        if not url.userinfo:
            if self._settings.base_url and origin == (base.scheme, base.host, base.port):
                return url
            if url.scheme == "https" and url.port is None and (url.host == GRAPH_HOST or MEDIA_HOSTS.fullmatch(url.host)):
                return url
        raise Refused(f"{url.scheme}://{url.host} is not Meta; for a simulator set WHATSAPP_BASE_URL to it")

    def _content(self, content: bytes) -> Variant:
        try:
            return Variant("text", self._blanked(content.decode()))
        except UnicodeDecodeError:
            return Variant("bytes", content)

    def _blanked(self, text: str) -> str:
        """Without the secrets that an answer repeats: as they are, percent-encoded, or escaped as in JSON."""
        for secret in filter(None, (self._settings.access_token, self._settings.app_secret)):
            spelled = (rf"(?:{re.escape(c)}|%{ord(c):02x}|\\u{ord(c):04x}|\\{re.escape(c)})" for c in secret)
            text = re.sub("".join(spelled), "[redacted]", text, flags=re.IGNORECASE)
        return text


def encoded(body: None | str | list) -> dict:
    """The body as arguments of httpx."""
    if body is None:
        return {}
    if isinstance(body, str):
        return {"content": body.encode()}
    files = []
    for part in body:
        if part.content.tag == "blob":
            raise Refused("this host keeps no files; hand over a link or bytes")
        files.append((part.name, (part.filename, part.content.payload, getattr(part, "content-type"))))
    return {"files": files}


class Refused(Exception):
    """The policy of this host; nothing left."""


class TooLarge(Exception):
    """An answer that this host does not hold in memory."""
