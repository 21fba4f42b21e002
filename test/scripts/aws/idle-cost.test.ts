import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { idleCost, idleUses } from '../../../scripts/aws/idle-cost.mjs';
import { DEPLOYED_STAGES, packaged } from '../../support/packaged-template.ts';

/** Conditions that hold for a stage as its file has it, and with Slack and an address besides. */
const CONDITIONS = {
  dev: { plain: [], full: ['EmailOn', 'SlackOn'] },
  test: {
    plain: ['AlarmsOn', 'LogsOn'],
    full: ['AlarmsOn', 'LogsOn', 'EmailOn', 'AlarmEmailOn', 'SlackOn', 'SlackAlarmsOn'],
  },
  prod: {
    plain: ['AlarmsOn', 'TrailOn'],
    full: ['AlarmsOn', 'TrailOn', 'EmailOn', 'AlarmEmailOn', 'SlackOn', 'SlackAlarmsOn'],
  },
};

const costOf = async (stage: (typeof DEPLOYED_STAGES)[number], conditions: readonly string[], free: boolean) => {
  const { template } = await packaged(stage);
  const rows = idleCost(idleUses(template.Resources as never, new Set(conditions)), { free });
  return rows.reduce((sum, { usd }) => sum + usd, 0);
};

describe('a stack that does nothing', () => {
  it('costs under a dollar a month in stage dev, with Slack and with all free allowances used up elsewhere', async () => {
    expect(await costOf('dev', CONDITIONS.dev.full, false)).toBeLessThan(1);
  });

  it('costs what the docs say', async () => {
    const docs = await readFile('docs/aws.md', 'utf8');
    for (const stage of DEPLOYED_STAGES) {
      const { plain, full } = CONDITIONS[stage];
      const figures = await Promise.all(
        [
          [plain, true],
          [plain, false],
          [full, false],
        ].map(([on, free]) => costOf(stage, on as string[], free as boolean)),
      );
      expect(docs).toContain(`| ${stage} | ${figures.map((usd) => `$${usd.toFixed(2)}`).join(' | ')} |`);
    }
  });

  it('would cost 33 dollars more with a NAT gateway', () => {
    const nat = { Nat: { Type: 'AWS::EC2::NatGateway', Properties: {} } };
    const [without, withNat] = [{}, nat].map((resources) => idleCost(idleUses(resources, new Set()), { free: true }));
    const sum = (rows: typeof without) => (rows ?? []).reduce((total, { usd }) => total + usd, 0);
    expect(sum(withNat) - sum(without)).toBeCloseTo(32.85, 2);
  });
});
