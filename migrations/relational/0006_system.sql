-- What the appliance knows of itself over time: how much it writes, because an SD card lives by that.
CREATE TABLE written_bytes (
  day TEXT PRIMARY KEY NOT NULL, -- YYYY-MM-DD, UTC
  bytes INTEGER NOT NULL CHECK (bytes >= 0) -- handed to the disk by this process, journals included
) STRICT;
