export const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const lineColour = (colour) => colourOf(colour === 'plain' ? 'ink' : colour);

export const labelColour = (colour) => colourOf(colour === 'plain' ? 'ink' : `${colour}-ink`);

/** The palette is written in hex; a canvas of an older tablet knows no color-mix(). */
export const soften = (hex, share) =>
  `rgba(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(',')},${share})`;

/** Dashes by the line's `pattern`. */
export const patterns = [[], [7, 4], [2, 4]];

export const fontFamily = () => getComputedStyle(document.body).fontFamily;
