-- One row for each diagram that was ever shared. A row whose body is NULL is a tombstone: the diagram
-- expired or was deleted, and nothing but its id and its times is left. Without an expiry it lives until it is deleted.
CREATE TABLE diagrams (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    token_hash BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    state      TEXT,
    format     BIGINT NOT NULL,
    body       BYTEA
);

-- The body is compressed already.
ALTER TABLE diagrams ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE INDEX diagrams_to_purge ON diagrams (expires_at) WHERE body IS NOT NULL;
