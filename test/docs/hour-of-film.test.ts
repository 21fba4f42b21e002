import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { assumedSource, jobCost } from '../../app/plan/job-cost.ts';
import { planFigures } from '../../app/plan/plan-figures.ts';
import { fanOut } from '../../core/dispatch/fan-out.ts';
import { LONGEST_SINGLE_SECONDS, SIZES } from '../../core/dispatch/route.ts';
import { type BilledWork, jobBill } from '../../core/plan/job-bill.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { listedPrices } from '../../core/storage/list-prices.ts';

const prices = listedPrices();
const HOUR = { width: 1920, height: 1080, fps: 24, minutes: 60 };
const CASES = [
  ...(['ultrafast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower'] as const).map((preset) => ({
    ...{ name: `HEVC, ${preset}`, recipe: 'preserve', settings: { preset } },
  })),
  { name: 'ProRes 422', recipe: 'mezzanine', settings: {} },
  { name: 'HAP', recipe: 'vj', settings: {} },
] as const;
type Case = (typeof CASES)[number];
const VCPUS = [2, 4, 16] as const;

/** The work of an hour, as `plan` and `storage job` compute it, for the size and the number of tasks that it gets by itself. */
function workOf({ recipe, settings }: Case): { readonly work: BilledWork; readonly vcpuSeconds: number } {
  const order = { recipe: recipeNamed(recipe), settings };
  const planned = planFigures(HOUR, order, 2);
  const source = assumedSource(planned.source, undefined);
  const { work } = jobCost({ ...planned, source }, order, { prices });
  return { work, vcpuSeconds: work.encodeSeconds };
}

/** The same work by tasks of another size: as many as `fanOut` makes of it. */
function bySize(made: Case, vcpu: number, architecture: 'x86' | 'arm', market: 'spot' | 'on-demand') {
  const { work, vcpuSeconds } = workOf(made);
  const size = SIZES.find((each) => each.vcpu === vcpu) ?? work.size;
  const isSingle = vcpuSeconds / vcpu <= LONGEST_SINGLE_SECONDS;
  const parts = { pieces: work.pieces, vcpuSeconds: (vcpuSeconds * 2) / vcpu, pixels: 1920 * 1080 };
  const { tasks } = fanOut({ ...parts, preset: 'medium', compute: 'cpu' }, 0);
  const changed = { way: isSingle ? 'single' : 'workflow', size, tasks: isSingle ? 1 : tasks, architecture } as const;
  return `$${jobBill({ ...work, ...changed }, market, prices).usd.toFixed(3)}`;
}

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

it('has the whole bill of an hour of 1080p24 by codec, preset, size and architecture, as plan computes it', async () => {
  const head = [
    'codec and preset',
    ...VCPUS.map((vcpu) => `tasks of ${vcpu} vCPU`),
    'arm64, 2 vCPU',
    'on demand, 2 vCPU',
  ];
  const rows = CASES.map((made) =>
    row(
      made.name,
      ...VCPUS.map((vcpu) => bySize(made, vcpu, 'x86', 'spot')),
      bySize(made, 2, 'arm', 'spot'),
      bySize(made, 2, 'x86', 'on-demand'),
    ),
  );
  const table = [row(...head), row(...head.map(() => '---')), ...rows].join('\n');
  expect(await readFile('docs/storage.md', 'utf8')).toContain(table);
});
