import { expect, it } from '@jest/globals';
import { encodersOf } from '../../../core/recipes/encoders.ts';
import { reelmill, startReelmill } from '../../support/reelmill.ts';

it('doctor lists every encoder that recipes use, and what it makes', async () => {
  const { code, last } = await reelmill(['doctor', '--json']);
  expect(code).toBe(0); // the tests have an ffmpeg with x265
  for (const { encoder, makes } of encodersOf())
    expect(last?.can).toContainEqual(expect.objectContaining({ kind: 'encoder', name: encoder, makes }));
});

it('doctor says where a missing encoder comes from', async () => {
  const { stdout } = await startReelmill(['doctor']).ended;
  for (const { encoder, comesWith } of encodersOf()) {
    const row = stdout.split('\n').find((line) => new RegExp(`│ ${encoder} `).test(line)) ?? '';
    expect(row).not.toBe('');
    if (row.includes('│ ok')) expect(row).not.toContain(comesWith);
    else expect(row).toContain(`comes with ${comesWith}`);
  }
});
