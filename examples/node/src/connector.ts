// The component as JavaScript, with the `send` of one connection.
import { readFile } from "node:fs/promises";
import type { ImportObject, Root } from "../build/sync/connector.js";
import { send, type Settings } from "./http.js";
import { blocking } from "./sync.js";

/** Compiling is the slow part: once for all instances. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

type Send = (request: Parameters<typeof send>[1]) => unknown;

/** Whether WebAssembly can wait for a promise here. */
export const canWait = "Suspending" in WebAssembly;

/** A fresh instance. Calls of one instance wait for each other; make as many instances as you have calls at a time. */
export async function instance(send: Send): Promise<Root> {
  const folder = new URL(`../${canWait ? "async" : "sync"}/`, import.meta.url);
  const { instantiate } = await import(new URL("connector.js", folder).href);
  const compile = (path: string) => {
    const module = compiled.get(path) ?? readFile(new URL(path, folder)).then((bytes) => WebAssembly.compile(bytes));
    compiled.set(path, module);
    return module;
  };
  // The types of jco name the version, its code asks without.
  const imports = { "whatsapp:connector/http": { send } };
  return instantiate(compile, imports as unknown as ImportObject);
}

/** A connector for these settings; `end` frees what it holds. Where WebAssembly can wait, its functions return promises: `await` them all. */
export async function connect(settings: Settings): Promise<{ whatsapp: Root; end: () => Promise<unknown> }> {
  if (canWait) {
    return { whatsapp: await instance((request) => send(settings, request)), end: async () => {} };
  }
  const { send: blockingSend, end } = blocking(settings);
  return { whatsapp: await instance(blockingSend), end };
}
