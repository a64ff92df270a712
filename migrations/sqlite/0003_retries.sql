-- Whoever sends an upload again under the same Idempotency-Key gets the diagram that it made. Both are hashes; they are
-- forgotten after a day, or with the diagram.
ALTER TABLE diagrams ADD COLUMN retry_key BLOB;
ALTER TABLE diagrams ADD COLUMN retry_print BLOB;
CREATE UNIQUE INDEX diagrams_by_retry ON diagrams (retry_key) WHERE retry_key IS NOT NULL;
CREATE INDEX diagrams_to_forget ON diagrams (created_at) WHERE retry_key IS NOT NULL;
