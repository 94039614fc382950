// Checks a connection, sends a text, and lists the numbers of the account.
import type { Error as WhatsAppError } from "../build/sync/interfaces/whatsapp-connector-types.js";
import { canWait, connect } from "./connector.js";

const [to, body = "Hello from Node."] = process.argv.slice(2);
const { WHATSAPP_ACCESS_TOKEN, WHATSAPP_BASE_URL, WHATSAPP_BUSINESS_ACCOUNT_ID, WHATSAPP_PHONE_NUMBER_ID } = process.env;
if (!to || !WHATSAPP_ACCESS_TOKEN || !WHATSAPP_PHONE_NUMBER_ID) {
  console.error("usage: WHATSAPP_ACCESS_TOKEN=… WHATSAPP_PHONE_NUMBER_ID=… npm start -- +491701234567 [TEXT]");
  process.exit(2);
}
const { whatsapp, end } = await connect({ accessToken: WHATSAPP_ACCESS_TOKEN, baseUrl: WHATSAPP_BASE_URL });
const connection = {
  baseUrl: WHATSAPP_BASE_URL,
  phoneNumberId: WHATSAPP_PHONE_NUMBER_ID,
  businessAccountId: WHATSAPP_BUSINESS_ACCOUNT_ID,
};
console.log(`Node ${process.version}: the component ${canWait ? "waits for promises" : "waits for a worker"}.`);
try {
  // By type …
  const sent = await whatsapp.messages.sendText(connection, { address: { to }, body });
  console.log(`accepted as ${sent.messageId}`);

  // … or by name, with JSON.
  const { baseUrl: base_url, phoneNumberId: phone_number_id, businessAccountId: business_account_id } = connection;
  const json = JSON.stringify({ base_url, phone_number_id, business_account_id });
  console.log(await whatsapp.plugin.invoke("list-phone-numbers", json, "{}"));
} catch (thrown) {
  const error = thrown as WhatsAppError;
  if (!("val" in error)) throw thrown;
  console.error(`${error.tag}: ${error.val.message}\n${error.val.advice}`);
  process.exitCode = 1;
}
await end();
