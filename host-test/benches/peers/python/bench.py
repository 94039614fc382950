"""The same work in Python: an SDK that people use, and what is written by hand where there is none. Prints JSON, one line for each measurement.

    python bench.py FOLDER_OF_THE_DELIVERIES
"""

import hashlib
import hmac
import json
import logging
import sys
import time
from pathlib import Path

import httpx
from pywa import WhatsApp

FOLDER = Path(sys.argv[1])
INDEX = json.loads((FOLDER / "deliveries.json").read_text())
SECRET = INDEX["app_secret"]


def measure(name, run):
    """Runs it for a while, then measures batches of it; the median in nanoseconds for one."""
    runs, end = 0, time.perf_counter_ns() + 500_000_000
    while time.perf_counter_ns() < end:
        run()
        runs += 1
    batch, times = max(1, runs // 100), []
    for _ in range(100):
        begun = time.perf_counter_ns()
        for _ in range(batch):
            run()
        times.append((time.perf_counter_ns() - begun) / batch)
    print(json.dumps({"name": name, "ns": sorted(times)[50]}), flush=True)


def signed(body, header):
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, header.removeprefix("sha256="))


def events(delivery):
    """The events of a delivery with what every flow needs of each: key, route, number, time, kind, and what it is."""
    found = []
    for entry in delivery["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            metadata = value["metadata"]

            def envelope(key, route, timestamp):
                return {
                    "id": key,
                    "route": f"{route}:{entry['id']}",
                    "business_account_id": entry["id"],
                    "field": change["field"],
                    "phone_number_id": metadata["phone_number_id"],
                    "display_phone_number": metadata["display_phone_number"],
                    "occurred_at": int(timestamp),
                }

            contacts = {contact["wa_id"]: contact for contact in value.get("contacts", [])}
            for message in value.get("messages", []):
                contact = contacts.get(message["from"], {})
                payload = {
                    "id": message["id"],
                    "from": message["from"],
                    "from_user_id": message.get("from_user_id"),
                    "from_name": contact.get("profile", {}).get("name"),
                    "context": message.get("context"),
                    "content": {message["type"]: message.get(message["type"])},
                    "raw": json.dumps(message),
                }
                key = envelope(message["id"], "messages", message["timestamp"])
                found.append({"envelope": key, "payload": {"message": payload}})
            for status in value.get("statuses", []):
                payload = {
                    "message_id": status["id"],
                    "state": status["status"],
                    "recipient": status["recipient_id"],
                    "recipient_user_id": status.get("recipient_user_id"),
                    "callback_data": status.get("biz_opaque_callback_data"),
                    "errors": status.get("errors", []),
                    "raw": json.dumps(status),
                }
                key = f"{status['id']}:{status['status']}:{status['timestamp']}"
                key = envelope(key, "statuses", status["timestamp"])
                found.append({"envelope": key, "payload": {"status": payload}})
    return found


def check(fine):
    if not fine:
        raise SystemExit("the result is wrong")


def handlings():
    for delivery in INDEX["deliveries"]:
        name, count, signature = (delivery[key] for key in ("name", "events", "signature"))
        body = (FOLDER / delivery["file"]).read_bytes()

        def by_hand(verified):
            check(verified or signed(body, signature))
            check(len(json.dumps(events(json.loads(body)))) > count)

        measure(f"by hand, signed/{name}", lambda: by_hand(False))
        measure(f"by hand, verified/{name}", lambda: by_hand(True))
        if count > 1:
            continue  # The SDK reads the first of a delivery only.
        seen = []
        sdk = WhatsApp(
            phone_id="106540352242922",
            token="token",
            server=None,
            verify_token="verify",
            app_secret=SECRET,
            skip_duplicate_updates=False,
        )
        sdk.on_message(lambda _, message: seen.append(message.text))

        def with_sdk(verified):
            seen.clear()
            check(verified or sdk.webhook_update_validator(body, signature) is None)
            sdk.webhook_update_handler(body)
            check(seen)

        measure(f"pywa, signed/{name}", lambda: with_sdk(False))
        measure(f"pywa, verified/{name}", lambda: with_sdk(True))


def sending():
    accepted = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+16505551234", "wa_id": "16505551234"}],
        "messages": [{"id": "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"}],
    }
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json=accepted))
    sdk = WhatsApp(phone_id="106540352242922", token="token", session=httpx.Client(transport=answer))
    text = "Your order 4711 has left our warehouse and will be with you on Thursday between 9 and 12."
    measure("pywa, send", lambda: check(sdk.send_message(to="16505551234", text=text).id))


logging.disable(logging.CRITICAL)
handlings()
sending()
