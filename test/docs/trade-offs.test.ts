import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { X265_MEGAPIXELS } from '../../core/codecs/x265-speed.ts';
import { costOf } from '../../core/plan/machine-cost.ts';
import { upscaleModelNamed } from '../../core/upscale/models.ts';
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

  it('can be wrong: other prices are other rows', () => {
    const [a, b] = [named(MACHINES, 'g4dn.xlarge'), named(MACHINES, 'g5.xlarge')];
    expect(hourly(a).onDemand).not.toBe(hourly(b).onDemand);
    expect(page).not.toContain(row(a.name, `${a.vcpu}`, usd(hourly(b).onDemand, 3)));
  });
});
