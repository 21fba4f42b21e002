import { dirname } from 'node:path';
import { expect, it } from '@jest/globals';
import { runJob } from '../../app/run/run-job.ts';
import { collectedKeys } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import { manifestSchema } from '../../core/job/manifest.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { makeClip } from '../fixtures/make.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const USAGE = {
  ...{ vcpu: 2, memoryBytes: 4 * 2 ** 30, peakMemoryBytes: 300 * 2 ** 20, cpuSeconds: 12.5, wallSeconds: 9 },
  ...{ queueSeconds: 41, pullSeconds: 17, startSeconds: 1.5 },
};
const CLIP = {
  file: 'machine.mp4',
  args: ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=0.4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
};

it.each([
  { of: 'the container that made it', usage: USAGE },
  { of: 'no container', usage: undefined },
])('a manifest has queue, pull, start, memory and processor of $of', async ({ usage }) => {
  const [clip, folder] = await Promise.all([makeClip(CLIP), temporaryFolder()]);
  const { signal } = new AbortController();
  const local = await openLocal(`${folder}/work`, signal, () => {});
  try {
    const ports = { ...local.portsFor({ sources: dirname(clip), outputs: folder }), usage: async () => usage };
    const [recipe, source] = [recipeNamed('preserve'), CLIP.file];
    const settings = { preset: 'ultrafast', evenIfLarger: true };
    const id = jobIdOf({ store: folder, recipe: recipe.id, source, version: '' });
    const request = { ...collectedKeys(recipe.id, source), source, recipe, settings, id };
    expect(await runJob(request, ports, { signal, onEvent: () => {}, ifBusy: 'wait' })).toMatchObject({
      status: 'done',
    });
    const text = await ports.outputs.read(`${request.outputPrefix}/manifest.json`);
    expect(manifestSchema.parse(JSON.parse(Buffer.from(text ?? []).toString())).machine).toEqual(usage);
  } finally {
    await local.close();
  }
});
