-- What an engine keeps of its webhooks. Times are seconds since 1970.

-- Every genuine delivery, as it came: to read it again with a later version of the connector.
CREATE TABLE deliveries (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at INTEGER NOT NULL,
  body        TEXT NOT NULL
) STRICT;

CREATE INDEX deliveries_by_age ON deliveries (received_at);

-- Every event, once. `id` is the envelope's: Meta repeats a delivery for up to 7 days, alone or in another batch, and the second time its
-- row is there already. `sequence` is the place in the stream: where a subscriber goes on after a pause.
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
  PRIMARY KEY (subscription, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX starts_by_event ON starts (sequence);

-- The accounts whose webhooks were asked for (subscribe-webhooks), until that is undone.
CREATE TABLE accounts (
  business_account_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
