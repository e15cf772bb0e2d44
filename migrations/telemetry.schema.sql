-- What migrations/telemetry gives an empty database. Made by `npm run schema`; nothing runs it.

CREATE TABLE books_dirty (
  source INTEGER NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL
);

CREATE TABLE corrections (
  source INTEGER NOT NULL,
  id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  metric VARCHAR,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  amount DOUBLE,
  above DOUBLE,
  below DOUBLE,
  note VARCHAR NOT NULL,
  made_ms BIGINT NOT NULL,
  made_by VARCHAR NOT NULL,
  undone_ms BIGINT,
  undone_by VARCHAR
);

CREATE TABLE counter_events (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL,
  time_ms BIGINT NOT NULL,
  metric VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  times INTEGER NOT NULL,
  before_kwh DOUBLE NOT NULL,
  after_kwh DOUBLE NOT NULL,
  kwh DOUBLE NOT NULL
);

CREATE TABLE energy_15m (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL,
  bucket_ms BIGINT NOT NULL,
  covered_ms INTEGER NOT NULL,
  solar_kwh DOUBLE,
  load_kwh DOUBLE,
  import_kwh DOUBLE,
  export_kwh DOUBLE,
  charge_kwh DOUBLE,
  discharge_kwh DOUBLE,
  solar_power_kwh DOUBLE,
  load_power_kwh DOUBLE,
  import_power_kwh DOUBLE,
  export_power_kwh DOUBLE,
  charge_power_kwh DOUBLE,
  discharge_power_kwh DOUBLE,
  solar_bridged_kwh DOUBLE,
  load_bridged_kwh DOUBLE,
  import_bridged_kwh DOUBLE,
  export_bridged_kwh DOUBLE,
  charge_bridged_kwh DOUBLE,
  discharge_bridged_kwh DOUBLE,
  readings INTEGER,
  solar_known_ms INTEGER,
  load_known_ms INTEGER,
  import_known_ms INTEGER,
  export_known_ms INTEGER,
  charge_known_ms INTEGER,
  discharge_known_ms INTEGER
);

CREATE TABLE energy_bridges (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL,
  quantity VARCHAR NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  kwh DOUBLE NOT NULL
);

CREATE TABLE energy_chunks (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL,
  readings INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  steps_ms BIGINT NOT NULL,
  state VARCHAR NOT NULL
);

CREATE TABLE journal_position (
  position BIGINT NOT NULL
);

CREATE TABLE old_readings (
  source INTEGER NOT NULL,
  time_ms BIGINT NOT NULL,
  derived INTEGER,
  state_of_charge_pct FLOAT,
  state_of_health_pct FLOAT,
  battery_voltage_v FLOAT,
  battery_current_a FLOAT,
  battery_power_w FLOAT,
  battery_temperature_c FLOAT,
  battery_capacity_ah FLOAT,
  remaining_capacity_ah FLOAT,
  solar_voltage_v FLOAT,
  solar_current_a FLOAT,
  solar_power_w FLOAT,
  output_voltage_v FLOAT,
  output_current_a FLOAT,
  output_frequency_hz FLOAT,
  load_power_w FLOAT,
  load_percentage_pct FLOAT,
  apparent_power_va FLOAT,
  grid_voltage_v FLOAT,
  grid_current_a FLOAT,
  grid_frequency_hz FLOAT,
  grid_power_w FLOAT,
  total_energy_produced_kwh DOUBLE,
  total_energy_consumed_kwh DOUBLE,
  daily_energy_produced_kwh DOUBLE,
  daily_energy_consumed_kwh DOUBLE,
  total_grid_import_kwh DOUBLE,
  total_grid_export_kwh DOUBLE,
  daily_grid_import_kwh DOUBLE,
  daily_grid_export_kwh DOUBLE,
  total_battery_charge_kwh DOUBLE,
  total_battery_discharge_kwh DOUBLE,
  inverter_temperature_c FLOAT,
  bus_voltage_v FLOAT,
  generator_power_w FLOAT,
  operating_mode VARCHAR,
  device_status VARCHAR,
  fault_codes VARCHAR[],
  warning_codes VARCHAR[],
  metadata VARCHAR
);

CREATE TABLE packed_dirty (
  source INTEGER NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL
);

CREATE TABLE quality_days (
  source INTEGER NOT NULL,
  day INTEGER NOT NULL,
  again BIGINT NOT NULL,
  late BIGINT NOT NULL,
  late_ms BIGINT NOT NULL,
  latest_ms BIGINT NOT NULL,
  timed BIGINT NOT NULL,
  delay_ms BIGINT NOT NULL,
  least_delay_ms BIGINT,
  most_delay_ms BIGINT
);

CREATE TABLE quality_refused (
  source INTEGER NOT NULL,
  day INTEGER NOT NULL,
  reason VARCHAR NOT NULL,
  refused BIGINT NOT NULL
);

CREATE TABLE readings (
  source INTEGER NOT NULL,
  time_ms BIGINT NOT NULL,
  derived INTEGER,
  state_of_charge_pct DOUBLE,
  state_of_health_pct DOUBLE,
  battery_voltage_v DOUBLE,
  battery_current_a DOUBLE,
  battery_power_w DOUBLE,
  battery_temperature_c DOUBLE,
  battery_capacity_ah DOUBLE,
  remaining_capacity_ah DOUBLE,
  solar_voltage_v DOUBLE,
  solar_current_a DOUBLE,
  solar_power_w DOUBLE,
  output_voltage_v DOUBLE,
  output_current_a DOUBLE,
  output_frequency_hz DOUBLE,
  load_power_w DOUBLE,
  load_percentage_pct DOUBLE,
  apparent_power_va DOUBLE,
  grid_voltage_v DOUBLE,
  grid_current_a DOUBLE,
  grid_frequency_hz DOUBLE,
  grid_power_w DOUBLE,
  total_energy_produced_kwh DOUBLE,
  total_energy_consumed_kwh DOUBLE,
  daily_energy_produced_kwh DOUBLE,
  daily_energy_consumed_kwh DOUBLE,
  total_grid_import_kwh DOUBLE,
  total_grid_export_kwh DOUBLE,
  daily_grid_import_kwh DOUBLE,
  daily_grid_export_kwh DOUBLE,
  total_battery_charge_kwh DOUBLE,
  total_battery_discharge_kwh DOUBLE,
  inverter_temperature_c DOUBLE,
  bus_voltage_v DOUBLE,
  generator_power_w DOUBLE,
  operating_mode VARCHAR,
  device_status VARCHAR,
  fault_codes VARCHAR[],
  warning_codes VARCHAR[],
  metadata VARCHAR
);

CREATE TABLE schema_migrations (
  name VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  applied_at_ms BIGINT NOT NULL
);

CREATE TABLE telemetry_sources (
  source INTEGER NOT NULL,
  source_id VARCHAR NOT NULL,
  first_ms BIGINT,
  newest_ms BIGINT,
  readings BIGINT NOT NULL,
  metrics VARCHAR NOT NULL,
  interval_ms BIGINT,
  booked_until_ms BIGINT,
  book_rules VARCHAR,
  books_from_ms BIGINT,
  energy_from_ms BIGINT,
  earlier_from_ms BIGINT,
  earlier_version INTEGER
);
