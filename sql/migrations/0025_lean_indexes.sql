-- A new request is nobody's and part of no other: it has no place in the indexes that find those.
DROP INDEX request_by_owner;
CREATE INDEX request_by_owner ON request (community_id, owner_id, state) WHERE owner_id IS NOT NULL;
DROP INDEX request_by_target;
CREATE INDEX request_by_target ON request (community_id, merged_into, request_id) WHERE merged_into IS NOT NULL;
