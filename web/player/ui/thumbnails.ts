import { beside } from '../film/beside.ts';

/** The part of a sprite sheet that shows a time. */
export type Tile = {
  readonly url: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

type Cue = { readonly from: number; readonly to: number; readonly tile: Tile };

/** Reads the cues of a sprite sheet: WebVTT whose texts are addresses that end in `#xywh=x,y,width,height`. */
export function readTiles(text: string, base: string): readonly Cue[] {
  const found = text.matchAll(/([\d:.]+) --> ([\d:.]+)[^\n]*\n([^\n#]+)#xywh=(\d+),(\d+),(\d+),(\d+)/g);
  return [...found].map(([, from = '', to = '', path = '', x, y, width, height]) => ({
    ...{ from: secondsOf(from), to: secondsOf(to) },
    tile: { url: beside(path, base), x: Number(x), y: Number(y), width: Number(width), height: Number(height) },
  }));
}

const secondsOf = (stamp: string) => stamp.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);

/** The tiles of a film: nothing is asked for before somebody looks. */
export function tilesOf(url: string): (seconds: number) => Promise<Tile | undefined> {
  let cues: Promise<readonly Cue[]> | undefined;
  return async (seconds) => {
    cues ??= fetch(url)
      .then(async (answer) => (answer.ok ? readTiles(await answer.text(), url) : []))
      .catch(() => []);
    return (await cues).find(({ from, to }) => seconds >= from && seconds < to)?.tile;
  };
}
