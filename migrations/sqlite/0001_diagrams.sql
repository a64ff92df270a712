-- One row for each diagram that was ever shared. A row whose body is NULL is a tombstone: the diagram
-- expired or was deleted, and nothing but its id and its times is left.
CREATE TABLE diagrams (
    id         TEXT    NOT NULL PRIMARY KEY,
    token_hash BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state      TEXT,
    format     INTEGER NOT NULL,
    body       BLOB
) STRICT;

CREATE INDEX diagrams_to_purge ON diagrams (expires_at) WHERE body IS NOT NULL;
