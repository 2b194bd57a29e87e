-- The household register. A fact is one thing known about a household: who said so, since when, how long it may be believed.
-- kind 'size', 'name', 'phone': where the value in the household's row comes from. Every other kind is a need: the row is the
-- need, and it does not count from expires_at on. source: 'resident', 'staff', 'import'.
ALTER TABLE household ADD COLUMN version @ID@ NOT NULL DEFAULT 1;

CREATE TABLE household_fact (
  community_id @ID@ NOT NULL,
  household_id @ID@ NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  since @ID@ NOT NULL,
  expires_at @ID@,
  PRIMARY KEY (community_id, household_id, kind),
  FOREIGN KEY (community_id, household_id) REFERENCES household (community_id, household_id)
) @STRICT@;
CREATE INDEX household_fact_by_kind ON household_fact (community_id, kind, household_id);
