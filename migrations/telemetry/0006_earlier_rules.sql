-- When the rules of the books change, those made by earlier ones go on answering while all is booked anew, in order.
ALTER TABLE telemetry_sources ADD COLUMN earlier_from_ms BIGINT; -- books from this moment on are by earlier rules
ALTER TABLE telemetry_sources ADD COLUMN earlier_version INTEGER; -- the oldest version that made them
