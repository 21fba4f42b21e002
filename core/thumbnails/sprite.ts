import type { Size } from '../film/frame-size.ts';

/** The grid of a sprite sheet: small pictures of a whole film in one picture, row by row. */
export type SpriteGrid = {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly everySeconds: number;
  readonly tiles: number;
};

const MOST_TILES = 100;
const COLUMNS = 10;
const TILE_LONG_SIDE = 160;

/** Returns a grid of one tile a second, or, for films longer than 100 s, of at most 100 tiles. */
export function spriteGrid({ width, height }: Size, durationSeconds: number): SpriteGrid {
  const everySeconds = Math.max(1, Math.ceil(durationSeconds / MOST_TILES));
  const tiles = Math.max(1, Math.ceil(durationSeconds / everySeconds));
  const scale = TILE_LONG_SIDE / Math.max(width, height);
  const side = (value: number) => Math.max(2, Math.round((value * scale) / 2) * 2);
  const columns = Math.min(COLUMNS, tiles);
  return {
    columns,
    rows: Math.ceil(tiles / columns),
    tileWidth: side(width),
    tileHeight: side(height),
    everySeconds,
    tiles,
  };
}

/** Returns WebVTT cues, each with the area of the sprite that shows its time (media fragments, `#xywh=`). */
export function spriteCues(grid: SpriteGrid, file: string, durationSeconds: number): string {
  const cues = Array.from({ length: grid.tiles }, (_, i) => {
    const end =
      i + 1 === grid.tiles ? Math.max(durationSeconds, i * grid.everySeconds + 0.001) : (i + 1) * grid.everySeconds;
    const x = (i % grid.columns) * grid.tileWidth;
    const y = Math.floor(i / grid.columns) * grid.tileHeight;
    const place = `${file}#xywh=${x},${y},${grid.tileWidth},${grid.tileHeight}`;
    return `${stamp(i * grid.everySeconds)} --> ${stamp(end)}\n${place}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

function stamp(seconds: number): string {
  const whole = Math.round(seconds * 1000);
  const pad = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0');
  return `${pad(whole / 3_600_000)}:${pad((whole / 60_000) % 60)}:${pad((whole / 1000) % 60)}.${pad(whole % 1000, 3)}`;
}
