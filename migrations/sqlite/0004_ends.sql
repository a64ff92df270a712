-- A tombstone with an expiry is of a diagram that expired. Earlier versions left the expiry of what was deleted, too: until then
-- it is known to be that.
UPDATE diagrams SET expires_at = NULL WHERE body IS NULL AND expires_at > unixepoch();
