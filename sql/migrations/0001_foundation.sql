-- The foundation. Portable between SQLite 3.40 (STRICT), PostgreSQL 15 and Citus 13:
-- community_id leads every tenant table, key, foreign key, unique constraint and index.
-- Times are UTC milliseconds; ids are made by the program; 0/1 stand for false/true.
-- Tokens: @ID@ (INTEGER, BIGINT: every 64-bit number), @BLOB@ (BLOB, BYTEA), @STRICT@ (STRICT, nothing).

CREATE TABLE region (
  code TEXT NOT NULL PRIMARY KEY,
  parent_code TEXT,
  level @ID@ NOT NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL
) @STRICT@;
CREATE INDEX region_by_parent ON region (parent_code, code);

CREATE TABLE community (
  community_id @ID@ NOT NULL PRIMARY KEY,
  division_code TEXT NOT NULL,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  mode TEXT NOT NULL,
  phone TEXT NOT NULL,
  is_sample @ID@ NOT NULL,
  created_at @ID@ NOT NULL
) @STRICT@;

CREATE TABLE setting (
  community_id @ID@ NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  version @ID@ NOT NULL,
  PRIMARY KEY (community_id, name),
  FOREIGN KEY (community_id) REFERENCES community (community_id)
) @STRICT@;

CREATE TABLE event_head (
  community_id @ID@ NOT NULL PRIMARY KEY,
  seq @ID@ NOT NULL,
  hash @BLOB@ NOT NULL,
  FOREIGN KEY (community_id) REFERENCES community (community_id)
) @STRICT@;

-- reach: 0 the household, the unit's team and posts over the grid; 1 everybody signed in; 2 managers only.
CREATE TABLE event (
  community_id @ID@ NOT NULL,
  seq @ID@ NOT NULL,
  at @ID@ NOT NULL,
  actor_id @ID@,
  topic TEXT NOT NULL,
  subject_id @ID@ NOT NULL,
  household_id @ID@,
  unit_id @ID@,
  grid_id @ID@,
  reach @ID@ NOT NULL,
  payload TEXT NOT NULL,
  hash @BLOB@ NOT NULL,
  PRIMARY KEY (community_id, seq),
  FOREIGN KEY (community_id) REFERENCES community (community_id)
) @STRICT@;
CREATE INDEX event_by_subject ON event (community_id, subject_id, seq);

CREATE TABLE idem (
  community_id @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  idem_key TEXT NOT NULL,
  hash @BLOB@ NOT NULL,
  status @ID@ NOT NULL,
  body TEXT NOT NULL,
  at @ID@ NOT NULL,
  PRIMARY KEY (community_id, account_id, idem_key)
) @STRICT@;
CREATE INDEX idem_by_age ON idem (community_id, at);

CREATE TABLE counter (
  community_id @ID@ NOT NULL,
  name TEXT NOT NULL,
  value @ID@ NOT NULL,
  PRIMARY KEY (community_id, name)
) @STRICT@;

-- Places. Grids and units are drawn by people and redrawn: they carry dates. Buildings, stairs and doors stand.

CREATE TABLE grid (
  community_id @ID@ NOT NULL,
  grid_id @ID@ NOT NULL,
  number @ID@ NOT NULL,
  name TEXT NOT NULL,
  valid_from @ID@ NOT NULL,
  valid_to @ID@,
  PRIMARY KEY (community_id, grid_id),
  FOREIGN KEY (community_id) REFERENCES community (community_id)
) @STRICT@;

CREATE TABLE unit (
  community_id @ID@ NOT NULL,
  unit_id @ID@ NOT NULL,
  grid_id @ID@ NOT NULL,
  number @ID@ NOT NULL,
  name TEXT NOT NULL,
  valid_from @ID@ NOT NULL,
  valid_to @ID@,
  PRIMARY KEY (community_id, unit_id),
  FOREIGN KEY (community_id, grid_id) REFERENCES grid (community_id, grid_id)
) @STRICT@;
CREATE INDEX unit_by_grid ON unit (community_id, grid_id, number);

CREATE TABLE building (
  community_id @ID@ NOT NULL,
  building_id @ID@ NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  lat_e7 @ID@,
  lon_e7 @ID@,
  floors @ID@ NOT NULL,
  PRIMARY KEY (community_id, building_id),
  UNIQUE (community_id, code),
  FOREIGN KEY (community_id) REFERENCES community (community_id)
) @STRICT@;

CREATE TABLE stair (
  community_id @ID@ NOT NULL,
  stair_id @ID@ NOT NULL,
  building_id @ID@ NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (community_id, stair_id),
  UNIQUE (community_id, building_id, code),
  FOREIGN KEY (community_id, building_id) REFERENCES building (community_id, building_id)
) @STRICT@;

CREATE TABLE unit_stair (
  community_id @ID@ NOT NULL,
  stair_id @ID@ NOT NULL,
  valid_from @ID@ NOT NULL,
  valid_to @ID@,
  unit_id @ID@ NOT NULL,
  PRIMARY KEY (community_id, stair_id, valid_from),
  FOREIGN KEY (community_id, stair_id) REFERENCES stair (community_id, stair_id),
  FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, unit_id)
) @STRICT@;
CREATE INDEX unit_stair_by_unit ON unit_stair (community_id, unit_id, stair_id);

-- token: what the QR code on the stair's poster carries, stored hashed beside a sealed copy for reprinting.
CREATE TABLE stair_token (
  community_id @ID@ NOT NULL,
  token_hash @BLOB@ NOT NULL,
  stair_id @ID@ NOT NULL,
  sealed @BLOB@ NOT NULL,
  created_at @ID@ NOT NULL,
  revoked_at @ID@,
  PRIMARY KEY (community_id, token_hash),
  FOREIGN KEY (community_id, stair_id) REFERENCES stair (community_id, stair_id)
) @STRICT@;
CREATE INDEX stair_token_by_stair ON stair_token (community_id, stair_id, created_at);

CREATE TABLE door (
  community_id @ID@ NOT NULL,
  door_id @ID@ NOT NULL,
  stair_id @ID@ NOT NULL,
  code TEXT NOT NULL,
  floor @ID@ NOT NULL,
  PRIMARY KEY (community_id, door_id),
  UNIQUE (community_id, stair_id, code),
  FOREIGN KEY (community_id, stair_id) REFERENCES stair (community_id, stair_id)
) @STRICT@;

-- code_hash, code_sealed: the household code that a resident types to join; sealed so that staff can print it again.
CREATE TABLE household (
  community_id @ID@ NOT NULL,
  household_id @ID@ NOT NULL,
  door_id @ID@ NOT NULL,
  name_sealed @BLOB@,
  phone_sealed @BLOB@,
  residents @ID@ NOT NULL,
  elderly @ID@ NOT NULL,
  code_hash @BLOB@ NOT NULL,
  code_sealed @BLOB@ NOT NULL,
  moved_in_at @ID@ NOT NULL,
  moved_out_at @ID@,
  PRIMARY KEY (community_id, household_id),
  FOREIGN KEY (community_id, door_id) REFERENCES door (community_id, door_id)
) @STRICT@;
CREATE INDEX household_by_door ON household (community_id, door_id, moved_in_at);

-- People with a sign-in. kind: 'staff' (login and password) or 'resident' (joined through a door link).
CREATE TABLE account (
  community_id @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  kind TEXT NOT NULL,
  login TEXT,
  password_hash TEXT,
  name TEXT NOT NULL,
  phone_sealed @BLOB@,
  household_id @ID@,
  language TEXT NOT NULL,
  elder_mode @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  disabled_at @ID@,
  version @ID@ NOT NULL,
  PRIMARY KEY (community_id, account_id),
  UNIQUE (community_id, login),
  FOREIGN KEY (community_id, household_id) REFERENCES household (community_id, household_id)
) @STRICT@;
CREATE INDEX account_by_household ON account (community_id, household_id, account_id);

-- A post binds a person, a role and a scope, from-to. scope_kind: 'unit', 'grid', 'community'.
CREATE TABLE post (
  community_id @ID@ NOT NULL,
  post_id @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  role TEXT NOT NULL,
  scope_kind TEXT NOT NULL,
  scope_id @ID@ NOT NULL,
  is_deputy @ID@ NOT NULL,
  valid_from @ID@ NOT NULL,
  valid_to @ID@,
  PRIMARY KEY (community_id, post_id),
  FOREIGN KEY (community_id, account_id) REFERENCES account (community_id, account_id)
) @STRICT@;
CREATE INDEX post_by_account ON post (community_id, account_id, valid_from);
CREATE INDEX post_by_scope ON post (community_id, scope_kind, scope_id, role, valid_from);

CREATE TABLE session (
  community_id @ID@ NOT NULL,
  token_hash @BLOB@ NOT NULL,
  account_id @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  expires_at @ID@ NOT NULL,
  PRIMARY KEY (community_id, token_hash),
  FOREIGN KEY (community_id, account_id) REFERENCES account (community_id, account_id)
) @STRICT@;
CREATE INDEX session_by_account ON session (community_id, account_id, created_at);
CREATE INDEX session_by_expiry ON session (community_id, expires_at);

-- owner_id: the account that answers for the request now. level: 0 unit, 1 grid, 2 community, 3 town.
CREATE TABLE request (
  community_id @ID@ NOT NULL,
  request_id @ID@ NOT NULL,
  day @ID@ NOT NULL,
  day_number @ID@ NOT NULL,
  callback_code TEXT NOT NULL,
  category TEXT NOT NULL,
  is_urgent @ID@ NOT NULL,
  state TEXT NOT NULL,
  prior_state TEXT,
  level @ID@ NOT NULL,
  household_id @ID@,
  door_id @ID@,
  stair_id @ID@ NOT NULL,
  unit_id @ID@ NOT NULL,
  grid_id @ID@ NOT NULL,
  text TEXT NOT NULL,
  contact_sealed @BLOB@,
  channel TEXT NOT NULL,
  reporter_id @ID@,
  owner_id @ID@,
  merged_into @ID@,
  created_at @ID@ NOT NULL,
  changed_at @ID@ NOT NULL,
  responded_at @ID@,
  done_at @ID@,
  closed_at @ID@,
  respond_due_at @ID@,
  close_due_at @ID@,
  paused_at @ID@,
  rating @ID@,
  version @ID@ NOT NULL,
  PRIMARY KEY (community_id, request_id),
  UNIQUE (community_id, day, day_number),
  FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, unit_id)
) @STRICT@;
CREATE INDEX request_by_unit ON request (community_id, unit_id, state, created_at);
CREATE INDEX request_by_state ON request (community_id, state, created_at);
CREATE INDEX request_by_household ON request (community_id, household_id, created_at);
CREATE INDEX request_by_reporter ON request (community_id, reporter_id, created_at);

-- The conversation and the acts, oldest first. visibility: 'all' (resident and team), 'team'.
CREATE TABLE request_entry (
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
) @STRICT@;

-- A photo is uploaded first (request_id empty) and attached by the report or an act; the file is photos/<id>.jpg.
CREATE TABLE photo (
  community_id @ID@ NOT NULL,
  photo_id @ID@ NOT NULL,
  request_id @ID@,
  entry_number @ID@,
  uploader_id @ID@ NOT NULL,
  bytes @ID@ NOT NULL,
  width @ID@ NOT NULL,
  height @ID@ NOT NULL,
  hash @BLOB@ NOT NULL,
  created_at @ID@ NOT NULL,
  PRIMARY KEY (community_id, photo_id)
) @STRICT@;
CREATE INDEX photo_by_request ON photo (community_id, request_id, entry_number);
