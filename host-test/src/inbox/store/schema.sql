-- What an engine keeps of its webhooks. Times are seconds since 1970.

-- Every genuine delivery, as it came: to read it again with a later version of the connector.
CREATE TABLE deliveries (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at INTEGER NOT NULL,
  body        TEXT NOT NULL
) STRICT;

CREATE INDEX deliveries_by_age ON deliveries (received_at);

-- Every event, once. The key is `envelope.id` together with the account: Meta repeats a delivery for up to 7 days, alone or in another batch,
-- and the second time its row is there already. `sequence` is the place in the stream: where a subscriber goes on after a pause.
CREATE TABLE events (
  sequence            INTEGER PRIMARY KEY AUTOINCREMENT,
  id                  TEXT NOT NULL,
  business_account_id TEXT NOT NULL,
  kind                TEXT NOT NULL, -- the case of the payload: message, status, …
  event               TEXT NOT NULL, -- JSON, as webhooks.handle-json gives it
  delivery            INTEGER NOT NULL REFERENCES deliveries (number) ON DELETE CASCADE,
  UNIQUE (id, business_account_id)
) STRICT;

CREATE INDEX events_by_account ON events (business_account_id, sequence);
CREATE INDEX events_by_delivery ON events (delivery);

-- How far each message of ours is. Statuses come late and out of order; only a higher rank replaces a lower one.
CREATE TABLE message_states (
  business_account_id TEXT NOT NULL,
  message_id          TEXT NOT NULL,
  rank                INTEGER NOT NULL,
  state               TEXT NOT NULL,
  updated_at          INTEGER NOT NULL,
  PRIMARY KEY (message_id, business_account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_states_by_age ON message_states (updated_at);

-- The triggers that run. `number` is never used again, so nothing that was meant for one reaches another of the same name.
CREATE TABLE subscriptions (
  number              INTEGER PRIMARY KEY AUTOINCREMENT,
  id                  TEXT NOT NULL UNIQUE,
  trigger             TEXT NOT NULL,
  business_account_id TEXT NOT NULL,
  filter              TEXT, -- JSON
  ends_with_program   INTEGER NOT NULL
) STRICT;

CREATE INDEX subscriptions_by_account ON subscriptions (business_account_id);

-- Which trigger got which event: written in one transaction with the event, so that none is lost and none comes twice.
CREATE TABLE starts (
  subscription INTEGER NOT NULL REFERENCES subscriptions (number) ON DELETE CASCADE,
  sequence     INTEGER NOT NULL REFERENCES events (sequence) ON DELETE CASCADE,
  done_at      INTEGER, -- when the flow had run; NULL: it is still to be run
  PRIMARY KEY (subscription, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX starts_by_event ON starts (sequence);
CREATE INDEX starts_to_run ON starts (sequence) WHERE done_at IS NULL;

-- When each customer last wrote to or called each of our numbers: for 24 hours from then on they may be written to freely (service-window).
CREATE TABLE service_windows (
  business_account_id TEXT NOT NULL,
  phone_number_id     TEXT NOT NULL, -- ours
  customer            TEXT NOT NULL, -- a phone number without `+`, or a business-scoped user id
  last_inbound_at     INTEGER NOT NULL,
  PRIMARY KEY (customer, phone_number_id, business_account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX service_windows_by_age ON service_windows (last_inbound_at);

-- The accounts whose webhooks triggers need, until the last of them is stopped.
CREATE TABLE accounts (
  business_account_id TEXT PRIMARY KEY,
  ours                INTEGER NOT NULL DEFAULT 1 -- 1: asked for here (subscribe-webhooks), to be undone; 0: subscribed before, to be left so
) STRICT, WITHOUT ROWID;
