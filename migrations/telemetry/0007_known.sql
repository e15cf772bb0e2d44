-- Of each quantity the time of a quarter hour of which it is known without bridging a gap (NULL with energy: booked before this
-- was kept; then all that was covered counts).
ALTER TABLE energy_15m ADD COLUMN solar_known_ms INTEGER;
ALTER TABLE energy_15m ADD COLUMN load_known_ms INTEGER;
ALTER TABLE energy_15m ADD COLUMN import_known_ms INTEGER;
ALTER TABLE energy_15m ADD COLUMN export_known_ms INTEGER;
ALTER TABLE energy_15m ADD COLUMN charge_known_ms INTEGER;
ALTER TABLE energy_15m ADD COLUMN discharge_known_ms INTEGER;
