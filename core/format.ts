/** Bytes as people read them: 1.4 MB, decimal units as shops and ffmpeg use them. */
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
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** Dollars, to the cent; below a cent to three digits of what there is. */
export function formatUsd(usd: number): string {
  if (usd === 0 || usd >= 0.00995) return `$${usd.toFixed(2)}`;
  return usd < 0.00001 ? 'less than $0.00001' : `$${usd.toFixed(5)}`;
}
