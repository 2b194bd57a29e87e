-- Sign-ups (接龙): a list with room for so many seats, one entry for each household or person, and a waiting line.

-- per: 'household' or 'person'. unit_id, grid_id: who it is for; both NULL: the whole community.
-- taken, waiting and next_place are counted here, in the one row that every entry has to pass.
CREATE TABLE sign_up (
  community_id @ID@ NOT NULL,
  sign_up_id @ID@ NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  per TEXT NOT NULL,
  capacity @ID@ NOT NULL,
  entry_max @ID@ NOT NULL,
  taken @ID@ NOT NULL,
  waiting @ID@ NOT NULL,
  next_place @ID@ NOT NULL,
  unit_id @ID@,
  grid_id @ID@,
  opens_at @ID@ NOT NULL,
  closes_at @ID@ NOT NULL,
  created_by @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  version @ID@ NOT NULL,
  PRIMARY KEY (community_id, sign_up_id),
  FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, unit_id),
  FOREIGN KEY (community_id, grid_id) REFERENCES grid (community_id, grid_id),
  FOREIGN KEY (community_id, created_by) REFERENCES account (community_id, account_id)
) @STRICT@;
CREATE INDEX sign_up_by_close ON sign_up (community_id, closes_at, sign_up_id);

-- member_id: the household or the person. place: the order of arrival, never given twice.
-- state: 'in', 'waiting', 'cancelled'.
CREATE TABLE sign_up_entry (
  community_id @ID@ NOT NULL,
  sign_up_id @ID@ NOT NULL,
  member_id @ID@ NOT NULL,
  place @ID@ NOT NULL,
  state TEXT NOT NULL,
  seats @ID@ NOT NULL,
  note TEXT NOT NULL,
  account_id @ID@ NOT NULL,
  household_id @ID@,
  door_id @ID@,
  at @ID@ NOT NULL,
  changed_at @ID@ NOT NULL,
  PRIMARY KEY (community_id, sign_up_id, member_id),
  UNIQUE (community_id, sign_up_id, place),
  FOREIGN KEY (community_id, sign_up_id) REFERENCES sign_up (community_id, sign_up_id),
  FOREIGN KEY (community_id, account_id) REFERENCES account (community_id, account_id),
  FOREIGN KEY (community_id, household_id) REFERENCES household (community_id, household_id),
  FOREIGN KEY (community_id, door_id) REFERENCES door (community_id, door_id)
) @STRICT@;
CREATE INDEX sign_up_entry_by_state ON sign_up_entry (community_id, sign_up_id, state, place);
