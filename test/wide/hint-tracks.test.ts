import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { renamed } from '../fixtures/odd-tracks.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const HINTS = expect.stringMatching(/hints.* point at samples of the source/);

const asTheyAre = (bytes: Buffer) => bytes;

it.each([
  { of: 'for a server', container: 'mp4', codecs: ['rtp', 'rtp'], edit: asTheyAre },
  { of: 'for a server', container: 'mkv', codecs: ['rtp', 'rtp'], edit: asTheyAre },
  {
    ...{ of: 'of received packets', container: 'mp4', codecs: ['rrtp', 'rsrp'] },
    edit: (bytes: Buffer) => renamed(3, 'rsrp')(renamed(2, 'rrtp')(bytes)),
  },
])(
  'hints $of stay out of $container, with their reason, and take no second way',
  async ({ container, codecs, edit }) => {
    const source = await makeClip({
      ...{ file: 'hinted.mp4', edit },
      args: [
        ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1', '-f', 'lavfi', '-i', 'sine=duration=1'],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', 'rtphint'],
      ],
    });
    const { path, manifest } = await milledFile(source, { ...QUICK, evenIfLarger: true, container });
    expect(manifest.streams.slice(2)).toEqual(
      codecs.map((codec) => expect.objectContaining({ codec, fate: 'dropped', why: HINTS })),
    );
    expect(manifest.warnings).toEqual(
      [2, 3].map((index) => expect.stringContaining(`stream ${index} (data) is dropped`)),
    );
    const { streams } = await ffprobe(path(`preserve.${container}`), '-show_streams');
    expect(streams).toHaveLength(2);
  },
);
