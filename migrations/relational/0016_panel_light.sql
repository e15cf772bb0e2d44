-- Light on the source's own panels, worked out of the hours when a day is over. A day that is put anew begins without.

ALTER TABLE weather_days ADD COLUMN panel_light_kwh_m2 REAL; -- on the plane of the panels, of the hours that are known
ALTER TABLE weather_days ADD COLUMN panel_light_known REAL; -- share of a cloudless day's light that comes in those hours, 0..1
ALTER TABLE weather_days ADD COLUMN panel_light_of INTEGER; -- for which panels it was worked out: panelsKey of src/weather/panel-light.ts
