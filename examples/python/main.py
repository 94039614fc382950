"""Sends a text, and lists the numbers of the account."""

import json
import os
import sys

from wasmtime import Engine
from wasmtime.component import Component

from whatsapp import Connector, Sender, Settings, WhatsAppError, record

try:
    to, *text = sys.argv[1:]
    settings = Settings(os.environ["WHATSAPP_ACCESS_TOKEN"], base_url=os.environ.get("WHATSAPP_BASE_URL", ""))
    phone_number_id = os.environ["WHATSAPP_PHONE_NUMBER_ID"]
except (KeyError, ValueError):
    sys.exit("usage: WHATSAPP_ACCESS_TOKEN=… WHATSAPP_PHONE_NUMBER_ID=… python main.py +491701234567 [TEXT]")
connection = {
    "api_version": None,
    "base_url": settings.base_url or None,
    "phone_number_id": phone_number_id,
    "business_account_id": os.environ.get("WHATSAPP_BUSINESS_ACCOUNT_ID"),
    "app_id": None,
}

engine = Engine()
component = Component.from_file(engine, os.environ.get("WHATSAPP_COMPONENT", "../../dist/whatsapp-connector.wasm"))
whatsapp = Connector(engine, component, Sender(settings))
try:
    # By type …
    absent = ("phone_number_id", "recipient_type", "reply_to", "callback_data", "identity_key_hash", "attempt", "window")
    address = record(to=to, **dict.fromkeys(absent))
    message = record(address=address, body=" ".join(text) or "Hello from Python.", preview_url=None)
    sent = whatsapp.call("messages", "send-text", record(**connection), message)
    print("accepted as", getattr(sent, "message-id"))

    # … or by name, with JSON.
    print(json.dumps(whatsapp.invoke("list-phone-numbers", connection, {})))
except WhatsAppError as error:
    sys.exit(str(error))
