-- Who hears of a request beside those whose post or household reaches it: its owner, the one before, and who reported it for
-- somebody else. A category that the unit's team does not see is still heard live by those who work on it.
ALTER TABLE event ADD COLUMN owner_id @ID@;
ALTER TABLE event ADD COLUMN former_id @ID@;
ALTER TABLE event ADD COLUMN reporter_id @ID@;
