/** Bytes in decimal units, as ffmpeg writes them: 1.4 MB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let value = bytes;
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/** Seconds as 1:02:03, 2:03 or 4.5 s. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.5) return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
  return clock(seconds);
}

/** Seconds as 1:02:03, 2:03 or 0:02.5, with the decimals that steps of `precision` seconds need. */
export function clock(seconds: number, precision = 1): string {
  const digits = precision >= 1 ? 0 : Math.ceil(-Math.log10(precision) - 1e-9);
  const unit = 10 ** digits;
  const whole = Math.round(Math.abs(seconds) * unit);
  const [hours, minutes] = [Math.floor(whole / unit / 3600), Math.floor(whole / unit / 60) % 60];
  const rest = ((whole % (60 * unit)) / unit).toFixed(digits).padStart(digits > 0 ? 3 + digits : 2, '0');
  const head = hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}` : String(minutes);
  return `${seconds < 0 && whole > 0 ? '-' : ''}${head}:${rest}`;
}

/** Dollars to the cent; amounts below a cent with five decimals. */
export function formatUsd(usd: number): string {
  if (usd === 0 || usd >= 0.00995) return `$${usd.toFixed(2)}`;
  return usd < 0.00001 ? 'less than $0.00001' : `$${usd.toFixed(5)}`;
}

/** Returns "94.6 % saved", "3.1 % larger" or "the same size". It never rounds up to more than was saved. */
export function formatSaving(before: number, after: number): string {
  if (after === before || before <= 0) return 'the same size';
  const tenths = Math.abs(1000 * (1 - after / before));
  if (after > before) return `${(Math.max(1, Math.ceil(tenths)) / 10).toFixed(1)} % larger`;
  return tenths < 1 ? 'less than 0.1 % saved' : `${(Math.floor(tenths) / 10).toFixed(1)} % saved`;
}

/** Returns a number with its noun: 1 film, 2 films. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
