// What the connector asks of its host (wit/http.wit): send one request, with the secrets that only the host knows.
import type { Failure, Request, Response } from "../build/sync/interfaces/whatsapp-connector-http.js";

/** The secrets of one connection, and what it may reach. */
export interface Settings {
  accessToken: string;
  appSecret?: string;
  /** Allowed in the place of Meta's Graph API: a simulator or a gateway. */
  baseUrl?: string;
}

const GRAPH_HOST = "graph.facebook.com";
const MEDIA_HOSTS = /^lookaside\.fbsbx\.com$|\.fbcdn\.net$|\.whatsapp\.net$/;
const FRAMING = new Set(["authorization", "host", "content-length", "transfer-encoding"]);
const TIMEOUT_MS = 30_000;
const LARGEST_ANSWER = 8 * 1024 * 1024;

/** Nothing reached the server when it failed with one of these. */
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|.*_CERT(_.*)?|UNABLE_TO_.*)$/;

const failure = (tag: "denied" | "not-sent" | "no-answer", val: string): Failure => ({ tag, val });

/** Sends a request at most once. Throws a `Failure`. */
export async function send(settings: Settings, request: Request): Promise<Response> {
  const url = allowed(settings, request.url);
  const { body, contentType } = encode(request);
  if (request.sink.tag !== "memory") {
    throw failure("denied", `this host keeps no ${request.sink.tag === "blob" ? "files" : "tokens"}`);
  }
  const headers = new Headers({ "user-agent": "whatsapp-connector-node-example" });
  for (const { name, value } of request.headers) {
    if (!FRAMING.has(name)) headers.append(name, value);
  }
  if (contentType) headers.set("content-type", contentType);
  // Secrets last: the URL is checked, and nobody reads it or the headers behind this line.
  for (const { secret, placement } of request.credentials) {
    const value = secret === "access-token" ? settings.accessToken : settings.appSecret;
    if (!value) throw failure("denied", `the connection has no ${secret}`);
    if (placement.tag === "bearer") headers.set("authorization", `Bearer ${value}`);
    else url.searchParams.append(placement.val, value);
  }
  const blanked = blank([settings.accessToken, settings.appSecret ?? ""]);
  const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  try {
    const answer = await fetch(url, { method: request.method.toUpperCase(), headers, body, redirect: "manual", signal: timeout });
    const bytes = await all(answer);
    const wanted = ["retry-after", "x-business-use-case-usage"];
    const kept = wanted.flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [{ name, value: blanked(value) }];
    });
    return { status: answer.status, headers: kept, body: content(bytes, blanked) };
  } catch (problem) {
    if (isFailure(problem)) throw problem;
    const cause = (problem as Error).cause as { code?: string; message?: string } | undefined;
    const text = blanked(cause?.message || (problem as Error).message);
    throw failure(NOT_SENT.test(cause?.code ?? "") ? "not-sent" : "no-answer", text);
  }
}

/** The URL, once it is sure that the connection may reach it. */
function allowed({ baseUrl }: Settings, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password) throw failure("denied", `${text} is no plain URL`);
  if (baseUrl && url.origin === new URL(baseUrl).origin) return url;
  const isMeta = url.hostname === GRAPH_HOST || MEDIA_HOSTS.test(url.hostname);
  if (url.protocol === "https:" && url.port === "" && isMeta) return url;
  throw failure("denied", `${url.origin} is not Meta; for a simulator set WHATSAPP_BASE_URL to it`);
}

function encode({ body }: Request): { body?: string | FormData; contentType?: string } {
  switch (body.tag) {
    case "empty":
      return {};
    case "json":
      return { body: body.val, contentType: "application/json" };
    case "multipart": {
      const form = new FormData();
      for (const { name, filename, contentType, content } of body.val) {
        if (content.tag === "blob") throw failure("denied", "this host keeps no files; hand over a link or bytes");
        if (content.tag === "text" && filename === undefined) form.append(name, content.val);
        else {
          const bytes = content.tag === "text" ? content.val : new Uint8Array(content.val);
          form.append(name, new Blob([bytes], { type: contentType ?? "" }), filename ?? name);
        }
      }
      return { body: form };
    }
  }
}

/** The whole body, up to a limit. */
async function all(answer: globalThis.Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw { tag: "too-large", val: BigInt(LARGEST_ANSWER) } satisfies Failure;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function content(bytes: Uint8Array, blanked: (text: string) => string): Response["body"] {
  try {
    return { tag: "text", val: blanked(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch {
    return { tag: "bytes", val: bytes };
  }
}

/** Blanks secrets that an answer repeats: as they are, percent-encoded, or escaped as in JSON. */
function blank(secrets: string[]): (text: string) => string {
  const hex = (letter: string) => letter.charCodeAt(0).toString(16);
  const spelled = (letter: string) => {
    const plain = letter.replace(/[^\w]/g, "\\$&");
    return `(?:${plain}|%${hex(letter).padStart(2, "0")}|\\\\u${hex(letter).padStart(4, "0")}|\\\\${plain})`;
  };
  const patterns = secrets.filter(Boolean).map((secret) => [...secret].map(spelled).join(""));
  if (patterns.length === 0) return (text) => text;
  const pattern = new RegExp(patterns.join("|"), "gi");
  return (text) => text.replace(pattern, "[redacted]");
}

function isFailure(problem: unknown): problem is Failure {
  return typeof problem === "object" && problem !== null && "tag" in problem;
}
