-- Days that are over are packed into archive.db with what is rolled up of them (docs/decisions/telemetry-layout.md). Here stay
-- recent readings, and late ones until their day is packed anew; numbers with all their digits.
DROP TABLE rollup_15m;
DROP TABLE rollup_dirty;
ALTER TABLE telemetry_sources DROP COLUMN rolled_until_ms;
ALTER TABLE telemetry_sources ADD COLUMN energy_from_ms BIGINT; -- older energy is gone
UPDATE telemetry_sources SET energy_from_ms = books_from_ms;

-- Packed days whose readings are read otherwise since an owner mended them: to be rolled up anew.
CREATE TABLE packed_dirty (
  source INTEGER NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL
);

-- Readings as older versions kept them, in 32 bits: packed in the background, after which this is empty.
ALTER TABLE readings RENAME TO old_readings;

CREATE TABLE readings (
  source INTEGER NOT NULL,
  time_ms BIGINT NOT NULL, -- unix ms, UTC
  derived INTEGER, -- bits of the powers that Ampra worked out (src/telemetry/derive.ts)
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
  metadata VARCHAR -- JSON object of what else the device sent
);
