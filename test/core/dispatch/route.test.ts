import { describe, expect, it } from '@jest/globals';
import { LONGEST_SINGLE_SECONDS, type Route, routeOf, SIZES } from '../../../core/dispatch/route.ts';
import type { SourceOutline } from '../../../core/film/source-outline.ts';
import { needsOfJob } from '../../../core/recipes/needs-of.ts';
import { PRESETS } from '../../../core/settings/presets.ts';

const HD = 1920 * 1080;
const UHD = 3840 * 2160;
const minutes = (count: number) => count * 60;
const facts = (changes: Partial<SourceOutline> = {}): SourceOutline => ({
  bytes: 100_000_000,
  pixels: HD,
  durationSeconds: 60,
  ...changes,
});

/** AWS's table of what Fargate takes: MiB from, to, and in steps of. */
const FARGATE: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [2048, 8192, 1024],
  2: [4096, 16384, 1024],
  4: [8192, 30720, 1024],
  8: [16384, 61440, 4096],
  16: [32768, 122880, 8192],
};

describe('the sizes', () => {
  it.each(SIZES)('include $vcpu vCPU and $memoryMiB MiB, which Fargate has', ({ vcpu, memoryMiB }) => {
    const [from, to, step] = FARGATE[vcpu] ?? [0, -1, 1];
    expect(memoryMiB).toBeGreaterThanOrEqual(from);
    expect(memoryMiB).toBeLessThanOrEqual(to);
    expect((memoryMiB - from) % step).toBe(0);
  });

  it('grow in memory, and never shrink in cores', () => {
    for (const [index, size] of SIZES.slice(1).entries()) {
      expect(size.memoryMiB).toBeGreaterThan(SIZES[index]?.memoryMiB ?? 0);
      expect(size.vcpu).toBeGreaterThanOrEqual(SIZES[index]?.vcpu ?? 0);
    }
  });
});

describe('a route', () => {
  const rows: readonly {
    does: string;
    recipe?: string;
    settings?: Record<string, string | number>;
    source?: Partial<SourceOutline>;
    larger?: number;
    gives: Partial<Route>;
  }[] = [
    { does: 'a minute of HD', gives: { way: 'single', compute: 'cpu', size: { vcpu: 2, memoryMiB: 4096 } } },
    { does: 'a small picture', source: { pixels: 640 * 360 }, gives: { size: { vcpu: 2, memoryMiB: 4096 } } },
    { does: 'a minute of UHD', source: { pixels: UHD }, gives: { way: 'single', size: { vcpu: 4, memoryMiB: 8192 } } },
    { does: '8K', source: { pixels: 7680 * 4320 }, gives: { size: { vcpu: 8, memoryMiB: 16384 } } },
    { does: 'an absurd picture', source: { pixels: 60_000 ** 2 }, gives: { size: { vcpu: 16, memoryMiB: 122880 } } },
    { does: 'a slow preset', settings: { preset: 'veryslow' }, gives: { size: { vcpu: 4, memoryMiB: 8192 } } },
    { does: 'one that ran out of memory', larger: 1, gives: { size: { vcpu: 4, memoryMiB: 8192 } } },
    { does: 'one that did so for ever', larger: 99, gives: { size: { vcpu: 16, memoryMiB: 122880 } } },
    { does: 'two hours of HD', source: { durationSeconds: minutes(120) }, gives: { way: 'workflow' } },
    { does: 'ten minutes of HD', source: { durationSeconds: minutes(10) }, gives: { way: 'single' } },
    {
      does: 'the same, slowly',
      source: { durationSeconds: minutes(10) },
      settings: { preset: 'veryslow' },
      gives: { way: 'workflow' },
    },
    {
      does: 'the same, fast',
      source: { durationSeconds: minutes(30) },
      settings: { preset: 'ultrafast' },
      gives: { way: 'single' },
    },
    {
      does: 'one whose header said nothing, by its bytes',
      source: { bytes: 40e9, durationSeconds: undefined, pixels: undefined },
      gives: { way: 'workflow', size: { vcpu: 2, memoryMiB: 4096 } },
    },
    {
      does: 'a search for a quality, however long',
      source: { durationSeconds: minutes(120) },
      settings: { vmaf: 95 },
      gives: { way: 'single' },
    },
    { does: 'a short upscale', recipe: 'upscale', gives: { way: 'single', compute: 'gpu' } },
    {
      does: 'a film to upscale',
      recipe: 'upscale',
      source: { durationSeconds: minutes(90) },
      gives: { way: 'workflow', compute: 'gpu' },
    },
    {
      does: 'a minute for NVENC',
      settings: { encoder: 'nvenc' },
      gives: { way: 'single', compute: 'gpu', size: { vcpu: 4, memoryMiB: 14336 } },
    },
    {
      does: 'ten hours of UHD for NVENC',
      settings: { encoder: 'nvenc' },
      source: { durationSeconds: minutes(600), pixels: UHD },
      gives: { way: 'workflow', compute: 'gpu' },
    },
    { does: 'an encoder that is software', settings: { encoder: 'software' }, gives: { compute: 'cpu' } },
    {
      does: 'an unknown preset as the default one',
      settings: { preset: 'warp' },
      gives: { size: { vcpu: 2, memoryMiB: 4096 } },
    },
  ];

  it.each(rows)('for $does', ({ recipe = 'preserve', settings = {}, source, larger = 0, gives }) => {
    expect(routeOf(needsOfJob({ recipe, settings }), facts(source), { larger, market: 'spot' })).toMatchObject(gives);
  });

  it('leads to on-demand machines after a failure on Spot', () => {
    const job = { recipe: 'preserve', settings: {} };
    expect(routeOf(needsOfJob(job), facts(), { larger: 0, market: 'on-demand' }).market).toBe('on-demand');
    expect(routeOf(needsOfJob(job), facts()).market).toBe('spot');
  });

  it('changes to the workflow once as films get longer, for every preset', () => {
    for (const preset of PRESETS) {
      const ways = Array.from({ length: 600 }, (_, i) =>
        routeOf(needsOfJob({ recipe: 'preserve', settings: { preset } }), facts({ durationSeconds: minutes(i) })),
      ).map(({ way }) => way);
      expect(ways[0]).toBe('single');
      expect(ways.lastIndexOf('single')).toBe(ways.indexOf('workflow') - 1);
    }
    expect(LONGEST_SINGLE_SECONDS).toBeGreaterThan(0);
  });
});
