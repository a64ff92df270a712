-- A diagram without an expiry lives until it is deleted. SQLite cannot drop NOT NULL from a column: the table is copied.
CREATE TABLE diagrams_2 (
    id         TEXT    NOT NULL PRIMARY KEY,
    token_hash BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    state      TEXT,
    format     INTEGER NOT NULL,
    body       BLOB
) STRICT;

INSERT INTO diagrams_2 (id, token_hash, created_at, expires_at, state, format, body)
SELECT id, token_hash, created_at, expires_at, state, format, body FROM diagrams;

DROP TABLE diagrams;
ALTER TABLE diagrams_2 RENAME TO diagrams;
CREATE INDEX diagrams_to_purge ON diagrams (expires_at) WHERE body IS NOT NULL;
