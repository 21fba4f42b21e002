import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../adapters/aws/s3-settings.ts';
import { crc64nvmeOf } from '../../core/crc64nvme.ts';
import { filesOf, manifestFrom } from '../../core/job/manifest.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { optionsFor } from '../support/aws-servers.ts';
import { QUICK, testMill } from '../support/mill.ts';
import { type S3WithSums, s3WithSums } from '../support/s3-with-sums.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const OUTPUT = 'ladder/film.mkv';

describe('what is published to a bucket', () => {
  let server: S3WithSums;
  let client: S3Client;
  let outputs: ObjectStore;
  beforeAll(async () => {
    server = await s3WithSums();
    client = new S3Client(bucketOptions(optionsFor(server)));
    await client.send(new CreateBucketCommand({ Bucket: 'films' }));
    const scratch = await temporaryFolder();
    outputs = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: 'films', scratch });
    const { outcome } = await (await testMill({ between: () => ({ outputs }) })).run(
      await filmOfEverything(scratch),
      'ladder',
      QUICK,
    );
    expect(outcome.status).toBe('done');
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  it('has the sum stored that its manifest records, and that its bytes have', async () => {
    const manifest = manifestFrom((await outputs.read(`${OUTPUT}/manifest.json`)) ?? new Uint8Array());
    const files = manifest ? filesOf(manifest) : [];
    const { renditions = [], sounds = [], subtitles = [], playlists = [], thumbnails } = manifest ?? {};
    for (const kind of [renditions, sounds, subtitles, playlists, thumbnails?.files]) expect(kind).not.toHaveLength(0);
    for (const { path, crc64nvme } of files) {
      const Key = `${OUTPUT}/${path}`;
      const stored = await client.send(new HeadObjectCommand({ Bucket: 'films', Key, ChecksumMode: 'ENABLED' }));
      const own = crc64nvmeOf((await outputs.read(Key)) ?? new Uint8Array());
      expect([path, stored.ChecksumCRC64NVME, stored.ChecksumType]).toEqual([path, crc64nvme, 'FULL_OBJECT']);
      expect([path, own]).toEqual([path, crc64nvme]);
    }
  });
});

/** Two seconds with two sounds and a subtitle, so that a ladder of it has every kind of file. */
async function filmOfEverything(folder: string): Promise<string> {
  const path = join(folder, 'film.mkv');
  const subtitles = join(folder, 'film.srt');
  await writeFile(subtitles, '1\n00:00:00,200 --> 00:00:01,000\nHello\n');
  await execa('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=24:d=2'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2', '-f', 'lavfi', '-i', 'sine=frequency=880:duration=2'],
    ...['-i', subtitles, '-map', '0', '-map', '1', '-map', '2', '-map', '3'],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=fra', '-metadata:s:s:0', 'language=eng'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '24', '-c:a', 'aac', '-c:s', 'srt', path],
  ]);
  return path;
}
