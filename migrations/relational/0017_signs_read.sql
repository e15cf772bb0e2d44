-- For which proven signs older messages were read once more: each is read once, also over a start.

ALTER TABLE proven_signs ADD COLUMN read_anew_json TEXT NOT NULL DEFAULT '[]'; -- keys of proofs (src/ingest/sign-proof.ts)
