import type { Database } from 'bun:sqlite';
import type { PlaceStore, WeatherPlace } from './ports.ts';
import type { Trouble } from './trouble.ts';

interface Row {
  id: number;
  owner_id: string;
  latitude_cdeg: number;
  longitude_cdeg: number;
  elevation_m: number | null;
  fetched_at_ms: number | null;
  tried_at_ms: number | null;
  failures: number;
  next_try_at_ms: number | null;
  trouble_json: string | null;
}

/** `PlaceStore` on SQLite. */
export function createPlaceStore(db: Database): PlaceStore {
  return {
    loadAll: () => db.query<Row, []>('SELECT * FROM weather_places').all().map(toPlace),
    insert(ownerId, point) {
      const row = db
        .query<Row, [string, number, number]>(
          'INSERT INTO weather_places (owner_id, latitude_cdeg, longitude_cdeg) VALUES (?, ?, ?) RETURNING *',
        )
        .get(ownerId, point.latitudeCdeg, point.longitudeCdeg);
      if (!row) throw new Error('the place was not stored');
      return toPlace(row);
    },
    update(place) {
      db.query(
        `UPDATE weather_places SET elevation_m = ?, fetched_at_ms = ?, tried_at_ms = ?, failures = ?,
           next_try_at_ms = ?, trouble_json = ? WHERE id = ?`,
      ).run(
        place.elevationM,
        place.fetchedAt,
        place.triedAt,
        place.failures,
        place.nextTryAt,
        place.trouble && JSON.stringify(place.trouble),
        place.id,
      );
    },
    remove(id) {
      db.query('DELETE FROM weather_places WHERE id = ?').run(id);
    },
  };
}

function toPlace(row: Row): WeatherPlace {
  return {
    id: row.id,
    ownerId: row.owner_id,
    latitudeCdeg: row.latitude_cdeg,
    longitudeCdeg: row.longitude_cdeg,
    elevationM: row.elevation_m,
    fetchedAt: row.fetched_at_ms,
    triedAt: row.tried_at_ms,
    failures: row.failures,
    nextTryAt: row.next_try_at_ms,
    trouble: row.trouble_json === null ? null : (JSON.parse(row.trouble_json) as Trouble),
  };
}
