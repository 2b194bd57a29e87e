-- Workflow: the clock of each request, who is absent, who is on duty, alarms of vacant posts, versions of settings.

-- What the program does by itself next, and what it has done. next_at empty: nothing more by time alone.
-- card: 0 none, 1 yellow, 2 red. paused_ms, extended_ms: pauses and granted extensions, so that deadlines can be reckoned anew.
-- seen_version: the version after the last act of a person: what came since are acts of the clock.
CREATE TABLE request_clock (
  community_id @ID@ NOT NULL,
  request_id @ID@ NOT NULL,
  next_at @ID@,
  from_at @ID@ NOT NULL,
  owned_at @ID@,
  respond_rung @ID@ NOT NULL,
  close_rung @ID@ NOT NULL,
  card @ID@ NOT NULL,
  paused_ms @ID@ NOT NULL,
  extended_ms @ID@ NOT NULL,
  extend_minutes @ID@ NOT NULL,
  seen_version @ID@ NOT NULL,
  PRIMARY KEY (community_id, request_id),
  FOREIGN KEY (community_id, request_id) REFERENCES request (community_id, request_id)
) @STRICT@;
CREATE INDEX request_clock_by_next ON request_clock (community_id, next_at);
INSERT INTO request_clock (community_id, request_id, next_at, from_at, owned_at, respond_rung, close_rung, card,
  paused_ms, extended_ms, extend_minutes, seen_version)
  SELECT community_id, request_id,
    CASE WHEN state IN ('closed', 'merged', 'refused', 'withdrawn') THEN NULL ELSE changed_at END,
    created_at, CASE WHEN owner_id IS NULL THEN NULL ELSE changed_at END, 0, 0, 0, 0, 0, 0, version
  FROM request;
CREATE INDEX request_by_owner ON request (community_id, owner_id, state);

CREATE TABLE absence (
  community_id @ID@ NOT NULL,
  absence_id @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  reason TEXT NOT NULL,
  starts_at @ID@ NOT NULL,
  ends_at @ID@,
  created_by @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  PRIMARY KEY (community_id, absence_id),
  FOREIGN KEY (community_id, account_id) REFERENCES account (community_id, account_id)
) @STRICT@;
CREATE INDEX absence_by_account ON absence (community_id, account_id, starts_at);

-- Who is on duty for a scope, from-to; note: what the one who goes tells the one who comes.
CREATE TABLE duty (
  community_id @ID@ NOT NULL,
  duty_id @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  scope_kind TEXT NOT NULL,
  scope_id @ID@ NOT NULL,
  starts_at @ID@ NOT NULL,
  ends_at @ID@ NOT NULL,
  note TEXT NOT NULL,
  note_at @ID@,
  created_by @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  cancelled_at @ID@,
  PRIMARY KEY (community_id, duty_id),
  FOREIGN KEY (community_id, account_id) REFERENCES account (community_id, account_id)
) @STRICT@;
CREATE INDEX duty_by_end ON duty (community_id, ends_at, starts_at);

-- A post that lost its person. closed_how: 'taken_over', 'back', 'filled'.
CREATE TABLE vacancy (
  community_id @ID@ NOT NULL,
  vacancy_id @ID@ NOT NULL,
  post_id @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  role TEXT NOT NULL,
  scope_kind TEXT NOT NULL,
  scope_id @ID@ NOT NULL,
  grid_id @ID@,
  unit_id @ID@,
  reason TEXT NOT NULL,
  open_items @ID@ NOT NULL,
  deputy_id @ID@,
  opened_at @ID@ NOT NULL,
  closed_at @ID@,
  closed_how TEXT,
  closed_by @ID@,
  taken_by @ID@,
  PRIMARY KEY (community_id, vacancy_id),
  FOREIGN KEY (community_id, post_id) REFERENCES post (community_id, post_id)
) @STRICT@;
CREATE INDEX vacancy_by_close ON vacancy (community_id, closed_at, opened_at);

CREATE TABLE setting_version (
  community_id @ID@ NOT NULL,
  name TEXT NOT NULL,
  version @ID@ NOT NULL,
  value TEXT NOT NULL,
  at @ID@ NOT NULL,
  account_id @ID@,
  note TEXT NOT NULL,
  PRIMARY KEY (community_id, name, version),
  FOREIGN KEY (community_id) REFERENCES community (community_id)
) @STRICT@;
