// `send` for runtimes that cannot suspend WebAssembly: a worker sends, and this thread sleeps until it has.
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Request, Response } from "../build/sync/interfaces/whatsapp-connector-http.js";
import type { Settings } from "./http.js";

/** What the worker answers. */
export type Reply = { response: Response } | { failure: unknown };

/** Starts a worker and returns a `send` that blocks. */
export function blocking(settings: Settings): { send: (request: Request) => Response; end: () => Promise<unknown> } {
  const ready = new Int32Array(new SharedArrayBuffer(4));
  const { port1: here, port2: there } = new MessageChannel();
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: { settings, ready, port: there },
    transferList: [there],
  });
  worker.unref();
  const send = (request: Request): Response => {
    Atomics.store(ready, 0, 0);
    here.postMessage(request);
    Atomics.wait(ready, 0, 0);
    const reply = receiveMessageOnPort(here)?.message as Reply;
    if ("failure" in reply) throw reply.failure;
    return reply.response;
  };
  const end = () => {
    here.close();
    return worker.terminate();
  };
  return { send, end };
}
