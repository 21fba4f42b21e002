/** A time as WebVTT writes it. */
export function webVttTime(seconds: number): string {
  const all = Math.max(0, Math.round(seconds * 1000));
  const [hours, minutes, whole] = [
    Math.floor(all / 3_600_000),
    Math.floor(all / 60_000) % 60,
    Math.floor(all / 1000) % 60,
  ];
  const [h, m, s] = [hours, minutes, whole].map((part) => String(part).padStart(2, '0'));
  return `${h}:${m}:${s}.${String(all % 1000).padStart(3, '0')}`;
}
