/** How a document of TTML counts its times (TTML2 7.2 and 12.3). */
export type TtmlClock = { readonly frameRate: number; readonly subFrames: number; readonly tickRate: number };

/** Reads the clock from the attributes of a document's root. */
export function ttmlClock(attributes: ReadonlyMap<string, string>): TtmlClock {
  const number = (name: string) => {
    const value = Number(attributes.get(name));
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const [above = 1, below = 1] = (attributes.get('frameRateMultiplier') ?? '1 1').split(/[\s:]+/).map(Number);
  const multiplier = above > 0 && below > 0 ? above / below : 1;
  const stated = number('frameRate');
  const frameRate = (stated ?? USUAL_RATE) * multiplier;
  const subFrames = number('subFrameRate') ?? 1;
  return { frameRate, subFrames, tickRate: number('tickRate') ?? (stated === undefined ? 1 : frameRate * subFrames) };
}

const USUAL_RATE = 30;

/** Returns a time of TTML in seconds: "00:01:02.5", "00:01:02:12" with frames, "62.5s", "1500t"; undefined where it is none. */
export function ttmlSeconds(time: string | undefined, { frameRate, subFrames, tickRate }: TtmlClock) {
  const words = (time ?? '').trim();
  const clock = /^(\d{2,}):(\d{2}):(\d{2})(?:(\.\d+)|:(\d{2,})(?:\.(\d+))?)?$/.exec(words);
  if (clock) {
    const [, hours, minutes, seconds, part = '0', frames = '0', parts = '0'] = clock;
    const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    return whole + Number(part) + (Number(frames) + Number(parts) / subFrames) / frameRate;
  }
  const [, count, metric = ''] = /^(\d+(?:\.\d+)?)(h|ms|m|s|f|t)$/.exec(words) ?? [];
  const unit = { h: 3600, m: 60, s: 1, ms: 0.001, f: 1 / frameRate, t: 1 / tickRate }[metric];
  return unit === undefined ? undefined : Number(count) * unit;
}
