import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { assumedSource, jobCost } from '../../app/plan/job-cost.ts';
import { planFigures } from '../../app/plan/plan-figures.ts';
import { X265_MEGAPIXELS } from '../../core/codecs/x265-speed.ts';
import { SIZES } from '../../core/dispatch/route.ts';
import { costOf } from '../../core/plan/machine-cost.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { listedPrices } from '../../core/storage/list-prices.ts';
import { upscaleModelNamed } from '../../core/upscale/models.ts';
import {
  CONTAINER,
  cardRows,
  coordinationRows,
  FILM,
  fargateRows,
  orchestrationRows,
  placeRows,
} from '../../scripts/aws/trade-off-costs.mjs';
import {
  cardPaysFrom,
  hourly,
  MACHINES,
  monthly,
  NETWORKS,
  PATTERNS,
  perMinute,
  reclaimsToBreakEven,
  speedOf,
} from '../../scripts/aws/upscale-cost.mjs';

const ENCODER = X265_MEGAPIXELS.faster;
const usd = (value: number, digits = 2) => `$${value.toFixed(digits)}`;
const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const named = <T extends { readonly name: string }>(list: readonly T[], name: string): T => {
  const found = list.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe('docs/trade-offs.md', () => {
  let page: string;
  beforeAll(async () => {
    page = await readFile('docs/trade-offs.md', 'utf8');
  });

  it('says in each section what is assumed, and has a table of what was computed', () => {
    const sections = page.split(/\n## /).slice(1);
    expect(sections).toHaveLength(5);
    expect(sections.filter((text) => !text.includes('\nAssumed: ') || !/\n\| .*\$\d/.test(text))).toEqual([]);
  });

  it.each(MACHINES)('has what an hour of $name costs', (machine) => {
    const { onDemand, spot, endpoint } = hourly(machine);
    expect(page).toContain(row(machine.name, `${machine.vcpu}`, usd(onDemand, 3), usd(spot, 3), usd(endpoint, 3)));
  });

  it.each(NETWORKS.flatMap((network) => MACHINES.map((machine) => ({ network, machine }))))(
    'has what a minute costs with $network.name on $machine.name',
    ({ network, machine }) => {
      const { fps, slower } = speedOf(machine, network, ENCODER);
      const { onDemand, spot, endpoint } = hourly(machine);
      const costs = [onDemand, spot, endpoint].map((each) => usd(perMinute(each, fps), 4));
      expect(page).toContain(row(network.name, machine.name, fps.toFixed(1), slower, ...costs));
    },
  );

  it.each(PATTERNS)('has what a month costs: $name', (pattern) => {
    const machine = named(MACHINES, 'g5.xlarge');
    const { fps } = speedOf(machine, named(NETWORKS, 'x4plus'), ENCODER);
    const { spot, onDemand, endpoint, leftOn } = monthly(pattern, machine, fps);
    expect(page).toContain(row(pattern.name, usd(spot), usd(onDemand), usd(endpoint), usd(leftOn)));
  });

  it('has what a minute costs without a card, with the network that is the default', () => {
    const { speed } = upscaleModelNamed('websr-l-rl');
    const frame = (960 * 540) / (speed * 1e6) + (1920 * 1080) / (ENCODER * 1e6);
    const minute = costOf(frame * 1500).usd;
    expect(page).toContain(`**${usd(minute, 4)}**`);
    const machine = named(MACHINES, 'g4dn.2xlarge');
    const { fps } = speedOf(machine, named(NETWORKS, 'websr-l-rl'), ENCODER);
    expect(page).toContain(`**${Math.round(cardPaysFrom(machine, fps, minute))} minutes**`);
  });

  it('has how often Spot may take a machine away', () => {
    for (const network of NETWORKS.filter(({ name }) => name !== 'websr-l-rl')) {
      const { fps } = speedOf(named(MACHINES, 'g5.xlarge'), network, ENCODER);
      expect(page).toContain(`**${reclaimsToBreakEven(fps).toFixed(1)} times an hour** with ${network.name}`);
    }
  });

  it('has what a step of the workflow costs', async () => {
    const { items } = JSON.parse(await readFile('resources/prices.json', 'utf8'));
    expect(page).toContain(`$${items.stateTransition.regions['us-east-1'].usd.toFixed(6)} a state transition`);
  });

  it.each([
    {
      what: 'instances in two regions',
      head: ['instance', 'on demand', 'Spot, one day', 'eu-west-1 on demand', 'eu-west-1 Spot, one day'],
      rows: cardRows(),
    },
    {
      what: 'Spot and on demand',
      head: ['Fargate', 'an hour', '90 minutes of 1080p25', 'reclaims an hour'],
      rows: fargateRows(X265_MEGAPIXELS.medium),
    },
    { what: 'S3, EFS and FSx', head: ['work files in', 'keeping', 'moving', 'a month'], rows: placeRows() },
    {
      what: 'Batch and own coordination',
      head: ['who starts containers', 'a month without a job', '1,000 jobs', '100,000 jobs'],
      rows: coordinationRows(),
    },
    {
      what: 'Step Functions and own orchestration',
      head: ['who leads a job through its steps', 'one job', '1,000 jobs', '100,000 jobs'],
      rows: orchestrationRows(),
    },
  ])('has the table of $what as it is computed', ({ head, rows }) => {
    expect(rows.flat().join()).not.toContain('NaN');
    expect(page).toContain([head, head.map(() => '---'), ...rows].map((cells) => row(...cells)).join('\n'));
  });

  it('is about the film and the containers that the product would have', () => {
    const order = { recipe: recipeNamed('preserve'), settings: {} };
    const planned = planFigures({ width: 1920, height: 1080, fps: FILM.fps, minutes: FILM.minutes }, order, 4);
    const source = assumedSource(planned.source, undefined);
    const { work } = jobCost({ ...planned, source }, order, { prices: listedPrices(), diskGib: 100 });
    expect({
      sourceGb: Number((work.sourceBytes / 1e9).toFixed(2)),
      resultGb: Number((work.resultBytes / 1e9).toFixed(2)),
      containers: work.tasks + 2,
      pieces: work.pieces,
    }).toEqual({
      sourceGb: FILM.sourceGb,
      resultGb: FILM.resultGb,
      containers: FILM.containers,
      pieces: FILM.pieces,
    });
    expect(SIZES).toContainEqual({ vcpu: CONTAINER.vcpu, memoryMiB: 1024 * CONTAINER.gib });
  });

  it('computes by hand what Fargate costs: 4 vCPU, 8 GiB, 80 GB of disk, an address', () => {
    const hour = 4 * 0.04048 + 8 * 0.004445 + 80 * 0.000111 + 0.005;
    // 135,000 frames of 2.0736 megapixels, 64 a second
    const hours = (135_000 * 2.0736) / 64 / 3600;
    expect(fargateRows(16)[0]).toEqual(['x86_64, on demand', usd(hour, 3), usd(hour * hours), '-']);
  });

  it('can be wrong: other prices are other rows', () => {
    const [a, b] = [named(MACHINES, 'g4dn.xlarge'), named(MACHINES, 'g5.xlarge')];
    expect(hourly(a).onDemand).not.toBe(hourly(b).onDemand);
    expect(page).not.toContain(row(a.name, `${a.vcpu}`, usd(hourly(b).onDemand, 3)));
  });
});
