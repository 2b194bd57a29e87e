-- Imports of spreadsheets. state: 'checked' (a dry run, nothing written), 'running', 'done', 'undone'.
-- next_row: rows of the file up to this number are written; an import that was cut off goes on behind it.
CREATE TABLE import (
  community_id @ID@ NOT NULL,
  import_id @ID@ NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_hash @BLOB@ NOT NULL,
  mapping TEXT NOT NULL,
  state TEXT NOT NULL,
  n_rows @ID@ NOT NULL,
  n_create @ID@ NOT NULL,
  n_change @ID@ NOT NULL,
  n_same @ID@ NOT NULL,
  n_bad @ID@ NOT NULL,
  n_skip @ID@ NOT NULL,
  next_row @ID@ NOT NULL,
  n_changes @ID@ NOT NULL,
  account_id @ID@,
  created_at @ID@ NOT NULL,
  done_at @ID@,
  undone_at @ID@,
  PRIMARY KEY (community_id, import_id),
  FOREIGN KEY (community_id) REFERENCES community (community_id)
) @STRICT@;
CREATE INDEX import_by_file ON import (community_id, file_hash, kind);

-- What a dry run says of each row; sealed, since it quotes the file.
CREATE TABLE import_row (
  community_id @ID@ NOT NULL,
  import_id @ID@ NOT NULL,
  number @ID@ NOT NULL,
  verdict TEXT NOT NULL,
  detail @BLOB@ NOT NULL,
  PRIMARY KEY (community_id, import_id, number),
  FOREIGN KEY (community_id, import_id) REFERENCES import (community_id, import_id)
) @STRICT@;

-- What an import wrote, in order, for taking it back: act 'create' or 'change'. before: the values there were, sealed.
-- version: of a household, as the import left it.
CREATE TABLE import_change (
  community_id @ID@ NOT NULL,
  import_id @ID@ NOT NULL,
  n @ID@ NOT NULL,
  number @ID@ NOT NULL,
  entity TEXT NOT NULL,
  entity_id @ID@ NOT NULL,
  act TEXT NOT NULL,
  before @BLOB@,
  version @ID@ NOT NULL,
  PRIMARY KEY (community_id, import_id, n),
  FOREIGN KEY (community_id, import_id) REFERENCES import (community_id, import_id)
) @STRICT@;
