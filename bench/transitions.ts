import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barcodedClip, FRAME_RATE } from '../test/support/barcoded-clip.ts';
import { type PlayerPages, playerPages } from '../test/support/player-page.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';

/** Measures what stands between two items of a playlist. */
export const transitions: Measurement = {
  name: 'transitions',
  about:
    'A playlist of four films of 20 barcoded frames in Chromium, seen by what stands on the screen, as exactly as 60 pictures a second tell; 20 transitions and more.',
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), 'reelmill-transitions-'));
    for (let clip = 0; clip < 4; clip++) await barcodedClip({ path: join(folder, `c${clip}.mp4`), clip, frames: 20 });
    const items = [0, 1, 2, 3].map((clip) => ({ src: `c${clip}.mp4` }));
    const pages = await playerPages([folder], {
      '/list.json': JSON.stringify({ montages: [{ tracks: [{ items }] }] }),
    });
    try {
      return await between(pages);
    } finally {
      await pages.close();
      await rm(folder, { recursive: true });
    }
  },
};

type Seen = { readonly clip: number; readonly frame: number; readonly now: number };

async function between(pages: PlayerPages): Promise<readonly ResultRow[]> {
  const { open, run, told } = await pages.newPage();
  await open({ src: '/list.json', autoplay: '' });
  await run('void watchScreen()');
  await told('window.count = (window.count ?? 0) + (e.type === "step" ? 1 : 0), window.count > 21');
  const seen = await run<readonly Seen[]>('screenLog()');
  const extra = seen.flatMap((last, i) => {
    const [first, second] = [seen[i + 1], seen[i + 2]];
    const isSeam = last.frame === 19 && first?.frame === 0 && second?.frame === 1;
    return isSeam ? [((second.now - last.now) * FRAME_RATE) / 1000 - 2] : [];
  });
  const waits = await run<readonly { at: number }[]>('waits');
  const middle = median(extra);
  const worst = extra.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0);
  return [
    {
      what: `frames between two items, ${extra.length} transitions seen whole`,
      goal: '0 +-0.5',
      found: `median ${middle.toFixed(2)}, worst ${worst.toFixed(2)}`,
      met: Math.abs(middle) <= 0.5,
    },
    {
      what: 'waiting events after the start',
      goal: '0',
      found: `${waits.filter(({ at }) => at > 0).length}`,
      met: waits.every(({ at }) => at === 0),
    },
  ];
}
