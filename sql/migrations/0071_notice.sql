-- Notices, shaped after CAP 1.2 (OASIS): who says what to whom, until when, and what replaces what.

-- status: 'actual', 'exercise', 'test'. msg_type: 'alert', 'update', 'cancel'. state: 'pending' (a second person has to
-- agree), 'sent', 'refused'. needs: mask of household needs it is for; 0: everybody at its places.
-- recipients: households it was for when it was sent.
CREATE TABLE notice (
  community_id @ID@ NOT NULL,
  notice_id @ID@ NOT NULL,
  code TEXT NOT NULL,
  status TEXT NOT NULL,
  msg_type TEXT NOT NULL,
  category TEXT NOT NULL,
  urgency TEXT NOT NULL,
  severity TEXT NOT NULL,
  certainty TEXT NOT NULL,
  headline TEXT NOT NULL,
  description TEXT NOT NULL,
  instruction TEXT NOT NULL,
  effective_at @ID@ NOT NULL,
  onset_at @ID@,
  expires_at @ID@ NOT NULL,
  wants_confirm @ID@ NOT NULL,
  needs @ID@ NOT NULL,
  state TEXT NOT NULL,
  replaces_id @ID@,
  replaced_by @ID@,
  recipients @ID@ NOT NULL,
  created_by @ID@ NOT NULL,
  created_at @ID@ NOT NULL,
  decided_by @ID@,
  sent_at @ID@,
  PRIMARY KEY (community_id, notice_id),
  UNIQUE (community_id, code),
  FOREIGN KEY (community_id, created_by) REFERENCES account (community_id, account_id),
  FOREIGN KEY (community_id, decided_by) REFERENCES account (community_id, account_id)
) @STRICT@;
CREATE INDEX notice_by_expiry ON notice (community_id, state, expires_at);

-- kind: 'grid', 'unit', 'building', 'stair'. None: the whole community.
CREATE TABLE notice_area (
  community_id @ID@ NOT NULL,
  notice_id @ID@ NOT NULL,
  kind TEXT NOT NULL,
  place_id @ID@ NOT NULL,
  PRIMARY KEY (community_id, notice_id, kind, place_id),
  FOREIGN KEY (community_id, notice_id) REFERENCES notice (community_id, notice_id)
) @STRICT@;

-- One row for each household that has it in some way. mark: 1 knocked and nobody was there, 2 read on the phone, 3 told at the
-- door, 4 confirmed; it only grows.
CREATE TABLE notice_receipt (
  community_id @ID@ NOT NULL,
  notice_id @ID@ NOT NULL,
  household_id @ID@ NOT NULL,
  mark @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  at @ID@ NOT NULL,
  PRIMARY KEY (community_id, notice_id, household_id),
  FOREIGN KEY (community_id, notice_id) REFERENCES notice (community_id, notice_id),
  FOREIGN KEY (community_id, household_id) REFERENCES household (community_id, household_id),
  FOREIGN KEY (community_id, account_id) REFERENCES account (community_id, account_id)
) @STRICT@;

-- Who knocks where.
CREATE TABLE notice_task (
  community_id @ID@ NOT NULL,
  notice_id @ID@ NOT NULL,
  household_id @ID@ NOT NULL,
  account_id @ID@ NOT NULL,
  PRIMARY KEY (community_id, notice_id, household_id),
  FOREIGN KEY (community_id, notice_id) REFERENCES notice (community_id, notice_id),
  FOREIGN KEY (community_id, household_id) REFERENCES household (community_id, household_id),
  FOREIGN KEY (community_id, account_id) REFERENCES account (community_id, account_id)
) @STRICT@;
