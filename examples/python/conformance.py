"""Runs the cases that every host has to pass, and writes down what left the component, byte by byte:
python conformance.py CASES DELIVERIES TRANSCRIPT"""

import json
import os
import platform
import sys
from pathlib import Path

from wasmtime import Engine
from wasmtime.component import Component, Record, Variant

from whatsapp import Connector, WhatsAppError, record

cases, deliveries, transcript = (Path(argument) for argument in sys.argv[1:])

CONNECTION = json.dumps({"phone_number_id": "106540352242922", "business_account_id": "102290129340398"})
"""The connection of cases that have none of their own."""


def answered(answer: dict | None) -> Record | Variant:
    """An answer of a case, as `send` gives it."""
    if answer is None:
        return Variant("not-sent", "the test has no answer for this request")
    if "status" not in answer:
        [(name, why)] = answer.items()
        return Variant(name.replace("_", "-"), why)
    text = answer.get("text", json.dumps(answer.get("body"), ensure_ascii=False, separators=(",", ":")))
    content = Variant("blob", answer["blob"]) if "blob" in answer else Variant("text", text)
    headers = [record(name=name, value=value) for name, value in answer.get("headers", {}).items()]
    return record(status=answer["status"], headers=headers, body=content)


def plain(value):
    """A value of wasmtime's as the contract has it in JSON: snake_case, a case as an object with one name."""
    if isinstance(value, Variant):
        name = value.tag.replace("-", "_")
        return name if value.payload is None else {name: plain(value.payload)}
    if isinstance(value, Record):
        return {name.replace("-", "_"): plain(field) for name, field in vars(value).items()}
    if isinstance(value, list | bytes):
        return [plain(item) for item in value]
    return value


def recorded(request: Record) -> dict:
    """What left. Where Python's types tell the cases of a variant apart, their names are put back."""
    left = plain(request)
    body = request.body
    left["body"] = "empty" if body is None else {"json" if isinstance(body, str) else "multipart": left["body"]}
    for credential in left["credentials"]:
        placement = credential["placement"]
        credential["placement"] = "bearer" if placement is None else {"query": placement}
        credential["secret"] = credential["secret"].replace("-", "_")
    return left


def text(path: Path, otherwise: str) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else otherwise


requests: list[dict] = []
answers: list[dict] = []


def send(request: Record) -> Record | Variant:
    requests.append(recorded(request))
    return answered(answers[len(requests) - 1] if len(requests) <= len(answers) else None)


engine = Engine()
component = Component.from_file(engine, os.environ.get("WHATSAPP_COMPONENT", "../../dist/whatsapp-connector.wasm"))
lines = []
for case in sorted(path for path in cases.glob("*/*") if path.is_dir()):
    requests.clear()
    answers[:] = [exchange["answer"] for exchange in json.loads(text(case / "exchanges.json", "[]"))]
    connection = text(case / "connection.json", CONNECTION)
    try:
        whatsapp = Connector(engine, component, send)
        output = whatsapp.call("plugin", "invoke", case.parent.name, connection, text(case / "input.json", ""))
        result = {"output": json.loads(output)}
    except WhatsAppError as error:
        result = {"error": {"case": error.case, "fault": plain(error.fault)}}
    lines.append({"case": f"{case.parent.name}/{case.name}", "requests": list(requests), "result": result})
for delivery in sorted(path for path in deliveries.iterdir() if path.is_dir()):
    request = record(method="POST", query="", headers=[], body=text(delivery / "delivery.json", ""))
    verification = record(verify_token="", signature=None)
    outcome = Connector(engine, component, send).call("webhooks", "handle-json", request, verification)
    lines.append({"delivery": delivery.name, "events": json.loads(outcome.events)})
with transcript.open("w", encoding="utf-8") as out:
    for line in lines:
        print(json.dumps(line, ensure_ascii=False), file=out)
print(f"Python {platform.python_version()}: {len(lines)} cases run.")
