import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { clip, makeClip } from '../fixtures/make.ts';
import { sha256 } from '../support/hash.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { processesNaming, until } from '../support/processes.ts';
import {
  eventsIn,
  manifestAt,
  QUICK,
  type RunArguments,
  reelmill,
  runOf,
  runReelmill,
  startReelmill,
} from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGER = [...QUICK, '--set', 'evenIfLarger=true'];

/** A film of three segments. */
const film = () =>
  makeClip({
    file: 'film.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=3', '-f', 'lavfi', '-i', 'sine=duration=3'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-threads', '1', '-c:a', 'aac'],
    ],
  });
/** Where an ffmpeg waits for a test: it encodes a piece of a film; it looks for a film's scenes; it compares a film with its source. */
const ENCODES = '*file:*libx265*';
const SURVEYS = '*film.mp4*showinfo*';
const COMPARES = '*film.mp4*preserve.mp4 -filter_complex*';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('a run that is killed', () => {
  it('at any moments, again and again, and then let finish, publishes what an undisturbed one does', async () => {
    const source = await clip('cfr');
    const begun = Date.now();
    const undisturbed = await runReelmill(source, { out: await temporaryFolder(), set: LARGER });
    const lasted = Date.now() - begun;
    const asked: RunArguments = { out: await temporaryFolder(), set: LARGER };
    const folder = join(asked.out, 'preserve', 'cfr.mp4');
    for (let kill = 1; kill <= 4; kill++) {
      const run = startReelmill(runOf([source], asked));
      await sleep(lasted * ((kill * 0.618) % 1));
      run.child.kill('SIGKILL');
      await run.ended;
      if (await exists(join(folder, 'manifest.json'))) await expectWhole(folder);
    }
    await runReelmill(source, asked);
    await expectWhole(folder);
    const rendition = (path: string) => readFile(join(path, 'preserve.mp4'));
    expect((await rendition(undisturbed.folder)).equals(await rendition(folder))).toBe(true);
    await until(async () => (await processesNaming(asked.out)).length === 0);
    expect(await processesNaming(asked.out)).toEqual([]);
  });
});

/** A manifest is there only if all that it names is there, as it says. */
async function expectWhole(folder: string): Promise<void> {
  const manifest = await manifestAt(join(folder, 'manifest.json'));
  for (const { path, sha256: hash } of [...manifest.renditions, ...manifest.sidecars]) {
    expect(await sha256(join(folder, path))).toBe(hash);
  }
}

describe('a run that gets a signal', () => {
  // one handler takes both signals, whatever the run is at
  it.each([
    { signal: 'SIGINT', during: 'its plan', where: SURVEYS, pieces: 0 },
    { signal: 'SIGINT', during: 'an encode', where: ENCODES, pieces: 1 },
    { signal: 'SIGTERM', during: 'the verification', where: COMPARES, pieces: 3 },
  ] as const)('ends at $signal in $during with 130, leaves no process behind, and the next goes on', async (given) => {
    const { signal, where, pieces } = given;
    const source = await film();
    const asked: RunArguments = { out: await temporaryFolder(), set: LARGER };
    const held = await heldFfmpeg(where);
    const run = startReelmill(runOf([source], asked), held);
    await held.waits();
    if (where === ENCODES) {
      held.letGo(pieces);
      await run.says('"segment.done"');
    }
    run.child.kill(signal);
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(await processesNaming(asked.out)).toEqual([]);
    const events = eventsIn(stdout);
    expect(events.at(-1)).toMatchObject({ type: 'job.failed', code: 'interrupted' });
    expect(await exists(join(asked.out, 'failed'))).toBe(false);
    expect(await exists(join(asked.out, 'preserve'))).toBe(false);
    expect(events.filter(({ type }) => type === 'segment.done')).toHaveLength(pieces);
    const { manifest } = await runReelmill(source, asked);
    expect(manifest.renditions[0]?.segments.reused).toBe(pieces);
  });
});

describe('a run of several films of which one has failed', () => {
  it('ends with 130 when it is stopped at a later one', async () => {
    const broken = join(await temporaryFolder(), 'a.mp4');
    await writeFile(broken, 'This is not a video.');
    const held = await heldFfmpeg(ENCODES);
    const run = startReelmill(runOf([broken, await film()], { out: await temporaryFolder(), set: LARGER }), held);
    await Promise.all([run.says('"code":"not-video"'), held.waits()]);
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
  });
});

describe('two renditions side by side', () => {
  it('both end at once at SIGTERM, publish nothing, and what is finished of either is kept', async () => {
    const source = await makeClip({
      file: 'two-rungs.mp4',
      args: [
        ...['-f', 'lavfi', '-i', 'testsrc2=size=800x450:rate=25:duration=2'],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-threads', '1'],
      ],
    });
    const asked: RunArguments = { out: await temporaryFolder(), recipe: 'ladder', set: [...QUICK, '--at-once', '2'] };
    const held = await heldFfmpeg('*file:*trim=start_frame*libx264*'); // the second piece of both
    const run = startReelmill(runOf([source], asked), held);
    await held.waits();
    await Promise.all(['hd', 'sd'].map((name) => run.says(new RegExp(`"segment.done",.*"rendition":"${name}"`))));
    run.child.kill('SIGTERM');
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(await processesNaming(asked.out)).toEqual([]);
    expect(await exists(join(asked.out, 'ladder'))).toBe(false);
    expect(eventsIn(stdout).filter(({ type }) => type === 'segment.done')).toHaveLength(2);
    const { manifest } = await runReelmill(source, asked);
    expect(manifest.renditions.map(({ name, segments }) => [name, segments.reused])).toEqual([
      ['hd', 1],
      ['sd', 1],
    ]);
  });
});

describe('two processes with one file and one folder', () => {
  it('do it once, and both end well', async () => {
    const source = await film();
    const args = runOf([source], { out: await temporaryFolder(), set: LARGER });
    const [a, b] = await Promise.all([reelmill(args), reelmill(args)]);
    expect([a.code, b.code]).toEqual([0, 0]);
    expect([a.last?.status, b.last?.status].sort()).toEqual(['done', 'unchanged']);
  });

  it('the one that waits can be stopped', async () => {
    const source = await film();
    const args = runOf([source], { out: await temporaryFolder(), set: LARGER });
    const held = await heldFfmpeg(ENCODES);
    const working = startReelmill(args, held);
    await held.waits();
    const waiting = startReelmill(args);
    await waiting.says('"job.waiting"');
    waiting.child.kill('SIGINT');
    expect((await waiting.ended).code).toBe(130);
    working.child.kill('SIGTERM');
    expect((await working.ended).code).toBe(130);
  });

  it('the second takes over when the first is killed', async () => {
    const source = await film();
    const args = runOf([source], { out: await temporaryFolder(), set: LARGER });
    const held = await heldFfmpeg(ENCODES);
    const first = startReelmill(args, held);
    await held.waits();
    const second = startReelmill(args);
    await second.says('"job.waiting"');
    first.child.kill('SIGKILL');
    await first.ended;
    const { code, stdout } = await second.ended;
    expect({ code, last: eventsIn(stdout).at(-1) }).toMatchObject({ code: 0, last: { status: 'done' } });
  });
});

describe('a reader of --json that goes away', () => {
  it('does not leave processes behind', async () => {
    const source = await film();
    const out = await temporaryFolder();
    const held = await heldFfmpeg(ENCODES);
    const run = startReelmill(runOf([source], { out, set: LARGER }), held);
    await held.waits();
    run.child.stdout?.destroy();
    held.open();
    const { code } = await run.ended;
    expect(code).not.toBeNull();
    expect(await processesNaming(out)).toEqual([]);
  });
});
