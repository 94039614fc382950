-- A store of version 1 becomes one of version 2. What new tables hold is only about what comes from now on.

ALTER TABLE starts ADD COLUMN done_at INTEGER;

CREATE INDEX starts_to_run ON starts (sequence) WHERE done_at IS NULL;

CREATE TABLE service_windows (
  business_account_id TEXT NOT NULL,
  phone_number_id     TEXT NOT NULL,
  customer            TEXT NOT NULL,
  last_inbound_at     INTEGER NOT NULL,
  PRIMARY KEY (customer, phone_number_id, business_account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX service_windows_by_age ON service_windows (last_inbound_at);

ALTER TABLE accounts ADD COLUMN ours INTEGER NOT NULL DEFAULT 1;
