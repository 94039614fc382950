// Runs the cases that every host has to pass, and writes down what left the component, byte by byte:
// node build/js/conformance.js CASES DELIVERIES TRANSCRIPT
import { createWriteStream } from "node:fs";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Failure, Request, Response } from "../build/sync/interfaces/whatsapp-connector-http.js";
import { instance } from "./connector.js";

const [cases, deliveries, transcript] = process.argv.slice(2);
if (!cases || !deliveries || !transcript) throw new Error("usage: conformance.js CASES DELIVERIES TRANSCRIPT");
const lines = createWriteStream(transcript);
const write = (line: unknown) => lines.write(`${JSON.stringify(line)}\n`);

/** The connection of cases that have none of their own. */
const CONNECTION = JSON.stringify({ phone_number_id: "106540352242922", business_account_id: "102290129340398" });

type Answer = { status: number; headers?: Record<string, string>; body?: unknown; text?: string; blob?: string } | Record<string, unknown>;

/** An answer of a case, as `send` gives it. */
function answered(answer: Answer | undefined): Response {
  if (answer === undefined) throw { tag: "not-sent", val: "the test has no answer for this request" } satisfies Failure;
  if (!("status" in answer)) {
    const [name, why] = Object.entries(answer)[0] as [string, string | number];
    throw { tag: name.replace("_", "-"), val: typeof why === "number" ? BigInt(why) : why };
  }
  const { status, headers = {}, body, text, blob } = answer as Extract<Answer, { status: number }>;
  const content = blob === undefined ? { tag: "text", val: text ?? JSON.stringify(body) } : { tag: "blob", val: blob };
  return {
    status,
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    body: content as Response["body"],
  };
}

/** A value of jco's as the contract has it in JSON: snake_case, `null` for what is absent, a case as an object with one name. */
function plain(value: unknown): unknown {
  const snake = (name: string) => name.replace(/-/g, "_").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("tag" in value) return "val" in value ? { [snake(value.tag as string)]: plain(value.val) } : snake(value.tag as string);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [snake(name), plain(field)]));
}

/** What left, with `null` for what jco leaves out. */
function recorded({ method, url, headers, body, credentials, timeoutMs, sink }: Request): unknown {
  const named = credentials.map(({ secret, placement }) => ({ secret: secret.replace("-", "_"), placement: plain(placement) }));
  const parts = body.tag === "multipart" && body.val.map(({ name, filename, contentType, content }) => plain({ name, filename, contentType, content }));
  return { method, url, headers, body: parts ? { multipart: parts } : plain(body), credentials: named, timeout_ms: timeoutMs ?? null, sink: plain(sink) };
}

function folders(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map((entry) => entry.name).sort();
}

const read = (path: string, otherwise: string) => (existsSync(path) ? readFileSync(path, "utf8") : otherwise);

/** The requests of the case that runs, and its answers. */
let requests: unknown[] = [];
let answers: Answer[] = [];
const { plugin, webhooks } = await instance((request) => {
  requests.push(recorded(request));
  return answered(answers[requests.length - 1]);
});

let count = 0;
for (const action of folders(cases)) {
  for (const name of folders(join(cases, action))) {
    const file = (part: string) => join(cases, action, name, part);
    const exchanges = JSON.parse(read(file("exchanges.json"), "[]")) as { answer: Answer }[];
    requests = [];
    answers = exchanges.map(({ answer }) => answer);
    let result: unknown;
    try {
      const output = await plugin.invoke(action, read(file("connection.json"), CONNECTION), readFileSync(file("input.json"), "utf8"));
      result = { output: JSON.parse(output) as unknown };
    } catch (thrown) {
      const { tag, val } = thrown as { tag: string; val: Record<string, unknown> };
      if (tag === undefined) throw thrown;
      result = { error: { case: tag, fault: plain(val) } };
    }
    write({ case: `${action}/${name}`, requests, result });
    count += 1;
  }
}
for (const name of folders(deliveries)) {
  const request = { method: "POST", query: "", headers: [], body: readFileSync(join(deliveries, name, "delivery.json"), "utf8") };
  const outcome = await webhooks.handleJson(request, { verifyToken: "", signature: { tag: "verified-by-host" } });
  write({ delivery: name, events: JSON.parse(outcome.events) as unknown });
  count += 1;
}
lines.end();
console.log(`Node ${process.version}: ${count} cases run.`);
