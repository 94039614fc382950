// The same work in Node: an SDK that people use, and what is written by hand where there is none. Prints JSON, one line for each measurement.
//
//     node bench.mjs FOLDER_OF_THE_DELIVERIES

import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WhatsAppAPI } from "whatsapp-api-js";
import { Text } from "whatsapp-api-js/messages";

const folder = process.argv[2];
const index = JSON.parse(readFileSync(join(folder, "deliveries.json"), "utf8"));

/** Runs it for a while, then measures batches of it; the median in nanoseconds for one. */
async function measure(name, run) {
  const clock = () => Number(process.hrtime.bigint());
  const until = async (end, count) => {
    for (; clock() < end; ) {
      const result = run();
      if (result instanceof Promise) await result;
      count.runs += 1;
    }
  };
  const warming = { runs: 0 };
  await until(clock() + 500e6, warming);
  const batch = Math.max(1, Math.round(warming.runs / 100));
  const times = [];
  for (let round = 0; round < 100; round += 1) {
    const begun = clock();
    for (let one = 0; one < batch; one += 1) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    times.push((clock() - begun) / batch);
  }
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ name, ns: times[50] }));
}

/** Whether the signature is that of the body. */
function signed(body, header) {
  const expected = createHmac("sha256", index.app_secret).update(body).digest();
  const given = Buffer.from(header.replace("sha256=", ""), "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The events of a delivery with what every flow needs of each: key, route, number, time, kind, and what it is. */
function events(delivery) {
  const events = [];
  for (const entry of delivery.entry) {
    for (const { field, value } of entry.changes) {
      const envelope = (id, route, timestamp) => ({
        id,
        route: `${route}:${entry.id}`,
        business_account_id: entry.id,
        field,
        phone_number_id: value.metadata.phone_number_id,
        display_phone_number: value.metadata.display_phone_number,
        occurred_at: Number(timestamp),
      });
      const contacts = new Map((value.contacts ?? []).map((contact) => [contact.wa_id, contact]));
      for (const message of value.messages ?? []) {
        const contact = contacts.get(message.from);
        events.push({
          envelope: envelope(message.id, "messages", message.timestamp),
          payload: {
            message: {
              id: message.id,
              from: message.from,
              from_user_id: message.from_user_id ?? null,
              from_name: contact?.profile?.name ?? null,
              context: message.context ?? null,
              content: { [message.type]: message[message.type] },
              raw: JSON.stringify(message),
            },
          },
        });
      }
      for (const status of value.statuses ?? []) {
        events.push({
          envelope: envelope(`${status.id}:${status.status}:${status.timestamp}`, "statuses", status.timestamp),
          payload: {
            status: {
              message_id: status.id,
              state: status.status,
              recipient: status.recipient_id,
              recipient_user_id: status.recipient_user_id ?? null,
              callback_data: status.biz_opaque_callback_data ?? null,
              errors: status.errors ?? [],
              raw: JSON.stringify(status),
            },
          },
        });
      }
    }
  }
  return events;
}

for (const { name, file, events: count, signature } of index.deliveries) {
  // A server has the body as bytes.
  const bytes = readFileSync(join(folder, file));
  await measure(`by hand, signed/${name}`, () => {
    if (!signed(bytes, signature)) throw new Error("the signature is wrong");
    if (JSON.stringify(events(JSON.parse(bytes.toString()))).length < count) throw new Error("events are missing");
  });
  await measure(`by hand, verified/${name}`, () => {
    if (JSON.stringify(events(JSON.parse(bytes.toString()))).length < count) throw new Error("events are missing");
  });
  if (count > 1) continue; // The SDK reads the first of a delivery only.
  for (const secure of [true, false]) {
    const sdk = new WhatsAppAPI({ token: "token", appSecret: index.app_secret, v: "v25.0", secure });
    let seen = 0;
    sdk.on.message = () => {
      seen += 1;
    };
    await measure(`whatsapp-api-js, ${secure ? "signed" : "verified"}/${name}`, async () => {
      const body = bytes.toString();
      const before = seen;
      await sdk.post(JSON.parse(body), body, signature);
      if (seen === before) throw new Error("the message is missing");
    });
  }
}

const accepted =
  '{"messaging_product":"whatsapp","contacts":[{"input":"+16505551234","wa_id":"16505551234"}],"messages":[{"id":"wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"}]}';
const text = "Your order 4711 has left our warehouse and will be with you on Thursday between 9 and 12.";
const answer = { ok: true, status: 200, text: async () => accepted, json: async () => JSON.parse(accepted) };
const sdk = new WhatsAppAPI({ token: "token", secure: false, v: "v25.0", ponyfill: { fetch: async () => answer } });
await measure("whatsapp-api-js, send", async () => {
  const sent = await sdk.sendMessage("106540352242922", "16505551234", new Text(text));
  if (!sent.messages) throw new Error("it was not sent");
});
