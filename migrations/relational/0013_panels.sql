-- A source's panels as their owner states them, and what its inverter can give.
ALTER TABLE sources ADD COLUMN inverter_limit_w REAL CHECK (inverter_limit_w BETWEEN 1 AND 1000000);
ALTER TABLE sources ADD COLUMN arrays_json TEXT NOT NULL DEFAULT '[]'; -- [{tiltDeg, azimuthDeg, peakW, horizon: [{azimuthDeg, elevationDeg}]}]
