import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { reelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('sample', () => {
  let source: string;
  beforeAll(async () => {
    source = await makeClip({
      file: 'to try.mp4',
      args: [
        ...['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25:duration=2,noise=alls=8:allf=t'],
        ...['-c:v', 'libx264', '-qp', '14', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-threads', '1', '-g', '25'],
      ],
    });
  });

  it('tries every combination, tells sizes and quality, writes one page, and leaves nothing else', async () => {
    const out = await temporaryFolder();
    const set = ['--set', 'crf=20,32', '--set', 'preset=ultrafast'];
    const { code, events, stderr } = await reelmill(['sample', source, '--json', '--out', out, ...set]);
    expect(code).toBe(0);
    const [fine, coarse, done] = events;
    expect([fine, coarse]).toMatchObject([
      { type: 'sample.tried', settings: { crf: '20', preset: 'ultrafast' } },
      { type: 'sample.tried', settings: { crf: '32', preset: 'ultrafast' } },
    ]);
    expect(Number(fine?.bytes)).toBeGreaterThan(Number(coarse?.bytes));
    expect(Number(fine?.mean)).toBeGreaterThan(Number(coarse?.mean));
    expect(done).toEqual({ type: 'sample.done', page: join(out, 'to try.mp4.sample.html') });
    expect(await readdir(out)).toEqual(['to try.mp4.sample.html']);
    const page = await readFile(join(out, 'to try.mp4.sample.html'), 'utf8');
    expect(page.match(/<img src="data:image\/jpeg;base64,\/9j/g)?.length).toBe(3 * 2 * 2);
    expect(stderr).toContain('pictures side by side: ');
  });

  it('writes its page into the hidden folder if no other is named, and says where', async () => {
    const cwd = await temporaryFolder();
    const set = ['--set', 'crf=32', '--set', 'preset=ultrafast'];
    const { code, last, stderr } = await reelmill(['sample', source, '--json', ...set], { cwd });
    const page = join(await realpath(cwd), '.reelmill/samples/to try.mp4.sample.html');
    expect({ code, last }).toEqual({ code: 0, last: { type: 'sample.done', page } });
    expect(stderr).toContain(`pictures side by side: ${page}`);
    expect(await readdir(cwd)).toEqual(['.reelmill']);
  });

  it('gives up early what would be too large, and goes on with the rest', async () => {
    const args = [
      '--set',
      'crf=10,38',
      '--set',
      'preset=ultrafast',
      '--max-percent',
      '40',
      '--out',
      await temporaryFolder(),
    ];
    const { code, events } = await reelmill(['sample', source, '--json', ...args]);
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({
      settings: { crf: '10' },
      givenUp: expect.stringMatching(/^it would have \d+ % of/),
    });
    expect(events[1]).toMatchObject({ settings: { crf: '38' }, mean: expect.any(Number) });
    expect(events[1]).not.toHaveProperty('givenUp');
  });

  it.each([
    [['--set', 'crf=99'], 64, /crf=99 is out of range; it takes 10-40/],
    [['--set', 'crf=23,99'], 64, /crf=99 is out of range/],
    [['--set', 'vmaf=95'], 64, /vmaf searches for one: use run/],
    [['--set', 'crf=20,21,22,23,24', '--set', 'preset=fast,medium,slow'], 64, /15 sets of settings; at most 12/],
    [['--max-percent', 'much'], 64, /--max-percent much is no percentage/],
  ])('refuses %j with %i', async (args, exit, says) => {
    const { code, stderr } = await reelmill(['sample', source, ...args]);
    expect([code, stderr]).toEqual([exit, expect.stringMatching(says)]);
  });

  it('refuses what is no video with 65, and what is not there with 66', async () => {
    expect((await reelmill(['sample', await fileOf('words.mp4', 'words')])).code).toBe(65);
    expect((await reelmill(['sample', '/nowhere/film.mp4'])).code).toBe(66);
  });
});
