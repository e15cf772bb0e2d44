-- Days that are over, packed: readings and what is rolled up of them (src/telemetry/archive).

-- Numbers that stand for sources here and in the telemetry database; none is ever used again.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id TEXT NOT NULL UNIQUE
) STRICT;

-- Numbers that stand for names of columns inside the blocks.
CREATE TABLE column_names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- A block holds a stretch of one source's time at one level. Its id is made of level, source and stretch, so that
-- what belongs together lies together (blockId in src/telemetry/archive/levels.ts).
CREATE TABLE blocks (
  id INTEGER PRIMARY KEY,
  rows INTEGER NOT NULL,
  first_ms INTEGER NOT NULL, -- unix ms, UTC
  last_ms INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

-- What is there, without turning the pages of what it is.
CREATE INDEX blocks_there ON blocks (id, rows, first_ms, last_ms, length(body));
