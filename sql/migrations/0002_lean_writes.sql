-- A write touches fewer pages. Each index whose entries lie all over it costs a page of 4 KB for each row of a batch.
-- Token: @CLUSTERED@ (STRICT, WITHOUT ROWID; nothing): rows lie in the order of the primary key, which needs no tree of its own.

-- Nothing asks for the events of one subject: a request's history are its entries.
DROP INDEX event_by_subject;

-- What came over the reporter's own household is found by the household; only the rest has to be found by its reporter.
UPDATE request SET channel = 'proxy' WHERE channel = 'web' AND household_id IS NULL;
DROP INDEX request_by_reporter;
CREATE INDEX request_by_proxy ON request (community_id, reporter_id, created_at) WHERE channel <> 'web';

-- The key leads: clients make keys that begin with the time, so that new ones lie together.
CREATE TABLE idem_lean (
  community_id @ID@ NOT NULL,
  idem_key TEXT NOT NULL,
  account_id @ID@ NOT NULL,
  hash @BLOB@ NOT NULL,
  status @ID@ NOT NULL,
  body TEXT NOT NULL,
  at @ID@ NOT NULL,
  PRIMARY KEY (community_id, idem_key, account_id)
) @CLUSTERED@;
INSERT INTO idem_lean (community_id, idem_key, account_id, hash, status, body, at)
  SELECT community_id, idem_key, account_id, hash, status, body, at FROM idem;
DROP TABLE idem;
ALTER TABLE idem_lean RENAME TO idem;
CREATE INDEX idem_by_age ON idem (community_id, at);

CREATE TABLE counter_lean (
  community_id @ID@ NOT NULL,
  name TEXT NOT NULL,
  value @ID@ NOT NULL,
  PRIMARY KEY (community_id, name)
) @CLUSTERED@;
INSERT INTO counter_lean (community_id, name, value) SELECT community_id, name, value FROM counter;
DROP TABLE counter;
ALTER TABLE counter_lean RENAME TO counter;

CREATE TABLE request_entry_lean (
  community_id @ID@ NOT NULL,
  request_id @ID@ NOT NULL,
  number @ID@ NOT NULL,
  at @ID@ NOT NULL,
  actor_id @ID@,
  actor_side TEXT NOT NULL,
  act TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  text TEXT NOT NULL,
  visibility TEXT NOT NULL,
  PRIMARY KEY (community_id, request_id, number),
  FOREIGN KEY (community_id, request_id) REFERENCES request (community_id, request_id)
) @CLUSTERED@;
INSERT INTO request_entry_lean (community_id, request_id, number, at, actor_id, actor_side, act, from_state, to_state,
  text, visibility)
  SELECT community_id, request_id, number, at, actor_id, actor_side, act, from_state, to_state, text, visibility
  FROM request_entry;
DROP TABLE request_entry;
ALTER TABLE request_entry_lean RENAME TO request_entry;
