-- Readings as they came, their quarter-hour rollups and the energy books. No index: zone maps on time do, and cost no memory.
-- The columns of metrics come from the catalogue (src/telemetry/columns.ts; a test compares them).

-- Sources by a small number, and what is known of each without reading its rows.
CREATE TABLE telemetry_sources (
  source INTEGER NOT NULL,
  source_id VARCHAR NOT NULL,
  first_ms BIGINT, -- unix ms, UTC
  newest_ms BIGINT,
  readings BIGINT NOT NULL,
  metrics VARCHAR NOT NULL, -- names it ever reported, with commas between
  rolled_until_ms BIGINT, -- rollups and energy before this moment are written
  interval_ms BIGINT -- its usual interval
);

-- One row a reading, appended in time order; late ones lie anywhere.
CREATE TABLE readings (
  source INTEGER NOT NULL,
  time_ms BIGINT NOT NULL, -- unix ms, UTC
  derived INTEGER, -- bits of the powers that Ampra worked out (src/telemetry/derive.ts)
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
  metadata VARCHAR -- JSON object of what else the device sent
);

-- Quarter hours: gauges as mean, extremes and count of values, counters as their last value.
CREATE TABLE rollup_15m (
  source INTEGER NOT NULL,
  bucket_ms BIGINT NOT NULL, -- start, unix ms, UTC
  state_of_charge_pct_mean FLOAT, state_of_charge_pct_min FLOAT, state_of_charge_pct_max FLOAT, state_of_charge_pct_n INTEGER,
  state_of_health_pct_mean FLOAT, state_of_health_pct_min FLOAT, state_of_health_pct_max FLOAT, state_of_health_pct_n INTEGER,
  battery_voltage_v_mean FLOAT, battery_voltage_v_min FLOAT, battery_voltage_v_max FLOAT, battery_voltage_v_n INTEGER,
  battery_current_a_mean FLOAT, battery_current_a_min FLOAT, battery_current_a_max FLOAT, battery_current_a_n INTEGER,
  battery_power_w_mean FLOAT, battery_power_w_min FLOAT, battery_power_w_max FLOAT, battery_power_w_n INTEGER,
  battery_temperature_c_mean FLOAT, battery_temperature_c_min FLOAT, battery_temperature_c_max FLOAT, battery_temperature_c_n INTEGER,
  battery_capacity_ah_mean FLOAT, battery_capacity_ah_min FLOAT, battery_capacity_ah_max FLOAT, battery_capacity_ah_n INTEGER,
  remaining_capacity_ah_mean FLOAT, remaining_capacity_ah_min FLOAT, remaining_capacity_ah_max FLOAT, remaining_capacity_ah_n INTEGER,
  solar_voltage_v_mean FLOAT, solar_voltage_v_min FLOAT, solar_voltage_v_max FLOAT, solar_voltage_v_n INTEGER,
  solar_current_a_mean FLOAT, solar_current_a_min FLOAT, solar_current_a_max FLOAT, solar_current_a_n INTEGER,
  solar_power_w_mean FLOAT, solar_power_w_min FLOAT, solar_power_w_max FLOAT, solar_power_w_n INTEGER,
  output_voltage_v_mean FLOAT, output_voltage_v_min FLOAT, output_voltage_v_max FLOAT, output_voltage_v_n INTEGER,
  output_current_a_mean FLOAT, output_current_a_min FLOAT, output_current_a_max FLOAT, output_current_a_n INTEGER,
  output_frequency_hz_mean FLOAT, output_frequency_hz_min FLOAT, output_frequency_hz_max FLOAT, output_frequency_hz_n INTEGER,
  load_power_w_mean FLOAT, load_power_w_min FLOAT, load_power_w_max FLOAT, load_power_w_n INTEGER,
  load_percentage_pct_mean FLOAT, load_percentage_pct_min FLOAT, load_percentage_pct_max FLOAT, load_percentage_pct_n INTEGER,
  apparent_power_va_mean FLOAT, apparent_power_va_min FLOAT, apparent_power_va_max FLOAT, apparent_power_va_n INTEGER,
  grid_voltage_v_mean FLOAT, grid_voltage_v_min FLOAT, grid_voltage_v_max FLOAT, grid_voltage_v_n INTEGER,
  grid_current_a_mean FLOAT, grid_current_a_min FLOAT, grid_current_a_max FLOAT, grid_current_a_n INTEGER,
  grid_frequency_hz_mean FLOAT, grid_frequency_hz_min FLOAT, grid_frequency_hz_max FLOAT, grid_frequency_hz_n INTEGER,
  grid_power_w_mean FLOAT, grid_power_w_min FLOAT, grid_power_w_max FLOAT, grid_power_w_n INTEGER,
  inverter_temperature_c_mean FLOAT, inverter_temperature_c_min FLOAT, inverter_temperature_c_max FLOAT, inverter_temperature_c_n INTEGER,
  bus_voltage_v_mean FLOAT, bus_voltage_v_min FLOAT, bus_voltage_v_max FLOAT, bus_voltage_v_n INTEGER,
  generator_power_w_mean FLOAT, generator_power_w_min FLOAT, generator_power_w_max FLOAT, generator_power_w_n INTEGER,
  total_energy_produced_kwh_last DOUBLE,
  total_energy_consumed_kwh_last DOUBLE,
  daily_energy_produced_kwh_last DOUBLE,
  daily_energy_consumed_kwh_last DOUBLE,
  total_grid_import_kwh_last DOUBLE,
  total_grid_export_kwh_last DOUBLE,
  daily_grid_import_kwh_last DOUBLE,
  daily_grid_export_kwh_last DOUBLE,
  total_battery_charge_kwh_last DOUBLE,
  total_battery_discharge_kwh_last DOUBLE,
  readings INTEGER NOT NULL
);

-- Energy of each quarter hour; NULL where nothing measured it.
CREATE TABLE energy_15m (
  source INTEGER NOT NULL,
  bucket_ms BIGINT NOT NULL,
  solar_kwh DOUBLE,
  load_kwh DOUBLE,
  import_kwh DOUBLE,
  export_kwh DOUBLE,
  charge_kwh DOUBLE,
  discharge_kwh DOUBLE,
  covered_ms INTEGER NOT NULL -- time between readings close enough together
);

-- Energy that a counter knows of a gap of more than a day; spread evenly over it when asked for.
CREATE TABLE energy_bridges (
  source INTEGER NOT NULL,
  quantity VARCHAR NOT NULL, -- solar, load, import, export, charge, discharge
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  kwh DOUBLE NOT NULL
);

-- Rolled-up time in which late readings arrived: to be rolled up anew.
CREATE TABLE rollup_dirty (
  source INTEGER NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL
);

-- Place in the journal up to which everything is stored here; one row.
CREATE TABLE journal_position (position BIGINT NOT NULL);
INSERT INTO journal_position VALUES (0);
