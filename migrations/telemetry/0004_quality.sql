-- How well readings come, by local day: counted as they arrive.
CREATE TABLE quality_days (
  source INTEGER NOT NULL,
  day INTEGER NOT NULL, -- of the source's zone, since 1970-01-01
  again BIGINT NOT NULL, -- readings that came again and said nothing new
  late BIGINT NOT NULL, -- that came more than five minutes after their time
  late_ms BIGINT NOT NULL, -- and how much after, in all
  latest_ms BIGINT NOT NULL,
  timed BIGINT NOT NULL, -- with a time of their own, come at once
  delay_ms BIGINT NOT NULL, -- arrival minus that time, in all
  least_delay_ms BIGINT, -- NULL without any
  most_delay_ms BIGINT
);

CREATE TABLE quality_refused (
  source INTEGER NOT NULL,
  day INTEGER NOT NULL, -- of arrival
  reason VARCHAR NOT NULL,
  refused BIGINT NOT NULL -- values
);

-- Readings of each quarter hour (NULL: booked before this was counted; then everything is booked anew).
ALTER TABLE energy_15m ADD COLUMN readings INTEGER;
