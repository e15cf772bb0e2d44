-- What the owner needs to know of a message that was not stored, or only in part.

ALTER TABLE quarantine ADD COLUMN first_at_ms INTEGER NOT NULL DEFAULT 0; -- since when they are counted; unix ms, UTC
ALTER TABLE quarantine ADD COLUMN outcome_json TEXT; -- what was kept and refused of the newest; NULL for older rows

UPDATE quarantine SET first_at_ms = received_at_ms;
