-- Intake everywhere, duplicates, several needs in one conversation, printed household codes.
-- is_verified 0: posted through a door link by somebody who did not sign in, and nobody of the team has confirmed it yet.
-- reminders, reminded_at: how often and when its household asked for haste. followers: households that wait for the same.
ALTER TABLE request ADD COLUMN is_verified @ID@ NOT NULL DEFAULT 1;
ALTER TABLE request ADD COLUMN reminders @ID@ NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN reminded_at @ID@;
ALTER TABLE request ADD COLUMN followers @ID@ NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN open_needs @ID@ NOT NULL DEFAULT 0;
CREATE INDEX request_by_target ON request (community_id, merged_into, request_id);

-- The secret link by which somebody without an account follows their request.
CREATE TABLE request_track (
  community_id @ID@ NOT NULL,
  track_hash @BLOB@ NOT NULL,
  request_id @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  PRIMARY KEY (community_id, track_hash),
  FOREIGN KEY (community_id, request_id) REFERENCES request (community_id, request_id)
) @STRICT@;
CREATE INDEX request_track_by_request ON request_track (community_id, request_id);

-- Who waits for the same: a household that follows with one tap, or whose own request was merged into this one.
CREATE TABLE request_follower (
  community_id @ID@ NOT NULL,
  request_id @ID@ NOT NULL,
  household_id @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  PRIMARY KEY (community_id, request_id, household_id),
  FOREIGN KEY (community_id, request_id) REFERENCES request (community_id, request_id),
  FOREIGN KEY (community_id, household_id) REFERENCES household (community_id, household_id)
) @STRICT@;
CREATE INDEX request_follower_by_household ON request_follower (community_id, household_id, created_at);

-- The needs of a request that holds several; a request without rows here has the one its words say.
-- state: 'open', 'done', 'dropped'.
CREATE TABLE request_need (
  community_id @ID@ NOT NULL,
  request_id @ID@ NOT NULL,
  number @ID@ NOT NULL,
  category TEXT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at @ID@ NOT NULL,
  ended_at @ID@,
  ended_by @ID@,
  PRIMARY KEY (community_id, request_id, number),
  FOREIGN KEY (community_id, request_id) REFERENCES request (community_id, request_id)
) @STRICT@;

-- When the household's code last went onto paper; a code that was printed is not printed twice.
ALTER TABLE household ADD COLUMN code_printed_at @ID@;
