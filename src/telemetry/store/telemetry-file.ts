/** The files that hold telemetry: what is recent and booked, and days that are over. */
export type TelemetryFile = 'telemetry.duckdb' | 'archive.db';
