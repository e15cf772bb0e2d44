/** Who gives the weather, as the pages name it. */
export interface Supplier {
  name: string;
  /** Host that is asked, for the owner who decides about it. */
  host: string;
  /** What its licence wants said beside its data; null when that is not known. */
  attribution: string | null;
}

/** The supplier behind an address. Open-Meteo's data is CC BY 4.0. */
export function supplierAt(host: string): Supplier {
  const isOpenMeteo = host === 'open-meteo.com' || host.endsWith('.open-meteo.com');
  return isOpenMeteo
    ? { name: 'Open-Meteo', host, attribution: 'Weather data by Open-Meteo.com (CC BY 4.0)' }
    : { name: host, host, attribution: null };
}
