// Makes JavaScript of the component, twice: with an asynchronous `send` for runtimes that can suspend WebAssembly (JSPI: Node 26),
// and with a synchronous one for those that cannot (Node 20 to 24).
import { transpile, writeFiles } from "@bytecodealliance/jco-transpile";

const component = process.env.WHATSAPP_COMPONENT ?? "../../dist/whatsapp-connector.wasm";

/** An error of the contract is thrown as it is: `{ tag, val }`. */
async function make(folder, options) {
  const { files } = await transpile(component, { name: "connector", outDir: folder, instantiation: "async", noComponentErrorWrapping: true, ...options });
  await writeFiles(files);
  return files;
}

const files = await make("build/sync", {});

// Every action may wait for Meta: each exported function becomes asynchronous.
const exported = [];
for (const [path, bytes] of Object.entries(files)) {
  const text = path.endsWith(".d.ts") ? new TextDecoder().decode(bytes) : "";
  const [, name] = /@module Interface (whatsapp:connector\/\S+)/.exec(text) ?? [];
  for (const [, camel] of text.matchAll(/^export function (\w+)\(/gm)) {
    exported.push(`${name}#${camel.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  }
}
const send = exported.find((name) => /\/http@.*#send$/.test(name));
await make("build/async", { asyncMode: "jspi", asyncImports: [send], asyncExports: exported.filter((name) => name !== send) });
