// The thread that sends for `sync.ts`.
import { workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Request } from "../build/sync/interfaces/whatsapp-connector-http.js";
import { send, type Settings } from "./http.js";
import type { Reply } from "./sync.js";

const { settings, ready, port } = workerData as { settings: Settings; ready: Int32Array; port: MessagePort };

port.on("message", async (request: Request) => {
  const reply: Reply = await send(settings, request).then(
    (response) => ({ response }),
    (failure: unknown) => ({ failure }),
  );
  port.postMessage(reply);
  Atomics.store(ready, 0, 1);
  Atomics.notify(ready, 0);
});
