import { describe, expect, it } from '@jest/globals';
import { whenMounted } from '../../runtime/when-mounted.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A system that shows one device after the other, the last one for ever. */
const showing = (...devices: readonly (number | undefined)[]) => {
  let looks = 0;
  return {
    looks: () => looks,
    deviceOf: async () => devices[Math.min(looks++, devices.length - 1)],
    pause: async () => {},
  };
};

describe('waiting for a mount', () => {
  it.each([
    { of: 'a folder that gets another file system', devices: [7, 7, 7, 8], looks: 4 },
    { of: 'a folder that comes to be, as on Windows', devices: [undefined, undefined, 8], looks: 3 },
    { of: 'a folder that is away for a moment', devices: [7, undefined, 7, 9], looks: 4 },
  ])('ends with $of', async ({ devices, looks }) => {
    const system = showing(...devices);
    const mounted = await whenMounted('/films', system);
    expect(await mounted(new AbortController().signal)).toBe(true);
    expect(system.looks()).toBe(looks);
  });

  it('ends without a mount when the program that mounts has ended', async () => {
    const over = new AbortController();
    const mounted = await whenMounted('/films', {
      ...showing(7),
      pause: async () => over.abort(),
    });
    expect(await mounted(over.signal)).toBe(false);
  });

  it('does not take a folder of this machine for mounted', async () => {
    const over = new AbortController();
    const mounted = (await whenMounted(await temporaryFolder()))(over.signal);
    over.abort();
    expect(await mounted).toBe(false);
  });
});
