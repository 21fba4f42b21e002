import { describe, expect, it } from '@jest/globals';
import { frameReader } from '../../../core/film/frame-lines.ts';
import type { SeenKeyframe } from '../../../core/film/kind-counter.ts';

const FACTS = 'width=96|height=64|pix_fmt=yuv420p';
const COLOURS = 'color_range=pc|color_space=bt709|color_primaries=unknown|color_transfer=bt709';

describe("a reader of ffprobe's lines about pictures", () => {
  it('hands each on with what lines of side data say of it', () => {
    const seen: SeenKeyframe[] = [];
    const reader = frameReader(1.44, (picture) => seen.push(picture));
    reader.line(`best_effort_timestamp_time=1.940000|${FACTS}|sample_aspect_ratio=32:27|${COLOURS}`);
    reader.line('rotation=-90');
    reader.line('');
    reader.line(`best_effort_timestamp_time=N/A|${FACTS}|sample_aspect_ratio=N/A`);
    reader.end();
    expect(seen).toEqual([
      {
        ...{ width: 96, height: 64, pixelFormat: 'yuv420p', sar: { num: 32, den: 27 }, range: 'pc' },
        ...{ colours: { matrix: 'bt709', primaries: 'unknown', transfer: 'bt709' }, seconds: 0.5, angle: -90 },
      },
      {
        ...{ width: 96, height: 64, pixelFormat: 'yuv420p', sar: { num: 1, den: 1 }, range: 'tv' },
        ...{ colours: { matrix: 'unknown', primaries: 'unknown', transfer: 'unknown' } },
        ...{ seconds: undefined, angle: undefined },
      },
    ]);
  });
});
