import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../../core/api/openapi.ts';
import { ROUTES } from '../../core/api/routes.ts';
import { newJob } from '../fixtures/new-job.ts';
import { clientOf, type Got } from '../support/api-client.ts';
import { type ApiSide, functionSide, localSide } from '../support/api-sides.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const inDocs = async () => JSON.parse(await readFile('docs/openapi.json', 'utf8'));

describe('docs/openapi.json', () => {
  it('is what /api/openapi.json answers; if this fails, write that into it', async () => {
    expect(await inDocs()).toEqual(openApiDocument());
  });

  it('is a document of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(await inDocs());
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(validator.version).toBe('3.1');
  });

  it('has every route, and a reason for each way to refuse it', async () => {
    const { paths } = await inDocs();
    for (const { method, path } of Object.values(ROUTES))
      expect(paths[path][method.toLowerCase()].responses.default.content['application/json'].schema).toEqual({
        $ref: '#/components/schemas/Refusal',
      });
  });
});

const SIDES = { local: async () => localSide(await temporaryFolder()), aws: functionSide } as const;

describe.each(Object.entries(SIDES))('a client that is generated from the document, on %s', (name, open) => {
  let side: ApiSide;
  let call: (operation: string, given?: Record<string, unknown>) => Promise<Got>;
  const JOB = newJob('film.mov', { source: 'input/preserve/user-ann/film.mov' });
  const bytes = Buffer.from('not quite a film');
  const checksum = createHash('sha256').update(bytes).digest('base64');

  beforeAll(async () => {
    side = await open();
    await side.jobs.create({ ...JOB, state: { status: 'done', manifest: `${JOB.outputPrefix}/manifest.json` } });
    call = clientOf(await inDocs(), (sent) => side.ask(sent, 'ann'));
  });
  afterAll(() => side.close());

  it('gives several pages that begin one file at the same moment one upload', async () => {
    const asked = { recipe: 'preserve', path: 'at once.mov', bytes: 5, settings: { crf: 24, preset: 'fast' } };
    const begun = await Promise.all(Array.from({ length: 6 }, () => call('beginUpload', { body: asked })));
    const [upload, ...others] = new Set(begun.map(({ json }) => (json as { upload: string }).upload));
    expect(others).toEqual([]);
    expect((await call('uploads')).json).toMatchObject({ uploads: [{ upload }] });
    expect(await call('abortUpload', { upload })).toMatchObject({ status: 204 });
    const again = (await call('beginUpload', { body: asked })).json as { upload: string };
    expect(await call('abortUpload', { upload: again.upload })).toMatchObject({ status: 204 });
  });

  it('uploads a file: begins, signs, puts, sees it there, completes, and it lies among the drops', async () => {
    const asked = { recipe: 'preserve', path: 'a film.mov', bytes: bytes.length, settings: { crf: 24 } };
    const { json } = await call('beginUpload', { body: asked });
    const { upload } = json as { upload: string };
    expect((await call('beginUpload', { body: asked })).json).toMatchObject({ upload });
    expect((await call('uploads')).json).toMatchObject({ uploads: [{ upload, path: 'a film.mov', parts: 1 }] });
    const parts = [{ number: 1, checksum }];
    expect(await call('completeUpload', { upload, body: { parts } })).toMatchObject({ status: 400 });
    const signed = (await call('signParts', { upload, body: { parts } })).json as {
      urls: readonly { url: string; headers: Record<string, string> }[];
    };
    const [{ url, headers } = { url: '', headers: {} }] = signed.urls;
    const put = await fetch(new URL(url, side.origin || undefined), { method: 'PUT', headers, body: bytes });
    expect(put.status).toBe(200);
    expect((await call('upload', { upload })).json).toMatchObject({ there: [{ ...parts[0], bytes: bytes.length }] });
    const wrong = { parts: [{ number: 1, checksum: createHash('sha256').digest('base64') }] };
    expect(await call('completeUpload', { upload, body: wrong })).toMatchObject({ status: 422 });
    const folder = name === 'aws' ? 'user-ann/' : '';
    const done = { status: 200, json: { key: `input/preserve/${folder}a film.mov`, recipe: 'preserve' } };
    expect(await call('completeUpload', { upload, body: { parts } })).toMatchObject(done);
    expect(await call('completeUpload', { upload, body: { parts } })).toMatchObject(done);
    expect((await call('uploads')).json).toEqual({ uploads: [] });
    expect(await call('beginUpload', { body: { ...asked, bytes: 99 } })).toMatchObject({
      status: 422,
      json: {
        code: 'bad-input',
        reason: expect.stringMatching(/is there already, with 16 bytes; give the file another name/),
      },
    });
    expect(await call('beginUpload', { body: { ...asked, path: 'a film.mov/part.mov' } })).toMatchObject({
      status: 422,
      json: { reason: expect.stringMatching(/a film\.mov" is a film and no folder; give the file another name/) },
    });
  });

  it.each([
    { path: '', bytes: 5, says: 'is empty' },
    { path: '../x.mov', bytes: 5, says: 'leads out of its folder' },
    { path: 'a/../../x.mov', bytes: 5, says: 'leads out of its folder' },
    { path: '..\\x.mov', bytes: 5, says: 'leads out of its folder' },
    { path: '/etc/x.mov', bytes: 5, says: 'is absolute' },
    { path: 'a\0b.mov', bytes: 5, says: 'holds a NUL byte' },
    { path: 'a\nb.mov', bytes: 5, says: 'holds a control character' },
    { path: 'con.mov', bytes: 5, says: 'is a device on Windows' },
    { path: 'a/NUL', bytes: 5, says: 'is a device on Windows' },
    { path: '.hidden.mov', bytes: 5, says: 'is a hidden, temporary or companion name' },
    { path: 'x.mov.part', bytes: 5, says: 'is a hidden, temporary or companion name' },
    { path: 'x.mov.reelmill.json', bytes: 5, says: 'is a hidden, temporary or companion name' },
    { path: `${'x'.repeat(256)}.mov`, bytes: 5, says: 'at most 255 are allowed' },
    { path: `${'dir/'.repeat(240)}x.mov`, bytes: 5, says: 'at most 900 are allowed' },
    { path: 'notes.txt', bytes: 5, says: 'is no film by its name; choose a film' },
    { path: 'x.mov', bytes: 0, says: 'the file is empty (0 bytes)' },
    { path: 'x.mov', bytes: 6 * 2 ** 40, says: 'can be uploaded' },
  ])('is refused a file "$path" of $bytes bytes: $says', async ({ path, bytes: size, says }) => {
    const { status, json } = await call('beginUpload', { body: { recipe: 'preserve', path, bytes: size } });
    expect(status).toBe(422);
    expect((json as { reason: string }).reason).toContain(says);
  });

  it.each([
    { recipe: 'preserv', settings: {}, says: /no recipe "preserv".*did you mean "preserve"/ },
    { recipe: 'preserve', settings: { crf: 99 }, says: /crf=99 is out of range; it takes 10-40|crf=99/ },
    { recipe: 'preserve', settings: { colour: 'red' }, says: /colour/ },
  ])('is refused the recipe $recipe with $settings before a byte is sent', async ({ recipe, settings, says }) => {
    const { status, json } = await call('beginUpload', { body: { recipe, settings, path: 'x.mov', bytes: 5 } });
    expect({ status, reason: (json as { reason: string }).reason }).toEqual({
      status: 400,
      reason: expect.stringMatching(says),
    });
  });

  it('reads recipes, a plan, jobs, a job, and the address of a published file', async () => {
    expect((await call('recipes')).json).toMatchObject({
      recipes: expect.arrayContaining([expect.objectContaining({ id: 'ladder' })]),
    });
    const film = { width: 1920, height: 1080, fps: 25, seconds: 60 };
    expect((await call('plan', { body: { recipe: 'ladder', film } })).json).toMatchObject({
      renditions: [{ name: 'hd' }, { name: 'sd' }],
    });
    await side.publish(`${JOB.outputPrefix}/manifest.json`, '{"a":1}');
    expect((await call('jobs', { text: 'FILM' })).json).toMatchObject({ jobs: [{ job: JOB.id, state: 'done' }] });
    expect((await call('jobs', { state: 'open' })).json).toMatchObject({ jobs: [] });
    expect(await call('jobs', { state: 'lost' })).toMatchObject({ status: 400 });
    expect(await call('jobs', { cursor: 'x' })).toMatchObject({ status: 400 });
    expect((await call('job', { job: JOB.id })).json).toMatchObject({ job: JOB.id, source: JOB.source });
    expect(await call('file', { job: JOB.id, path: '../../../secret', as: 'url' })).toMatchObject({ status: 404 });
  });

  it('counts a view, and keeps playlists and the settings of the house', async () => {
    const use = { job: JOB.id, rendition: 'preserve', kind: 'view' };
    expect((await call('count', { body: use })).json).toEqual({ priority: 100.5 });
    expect(await call('count', { body: { ...use, rendition: 'sd' } })).toMatchObject({ status: 400 });
    const playlist = { montages: [{ tracks: [{ items: [{ src: '/media/output/a.mp4', in: 1, out: 2 }] }] }] };
    await call('putPlaylist', { playlist: 'evening', body: playlist });
    expect((await call('playlist', { playlist: 'evening' })).json).toMatchObject({ playlist });
    expect((await call('playlists')).json).toMatchObject({ playlists: [{ id: 'evening', name: 'evening' }] });
    expect(await call('putPlaylist', { playlist: 'evening', body: { tracks: [1] } })).toMatchObject({ status: 400 });
    await call('putHouse', { body: { autoplay: false, defaultPlaylist: 'evening', defaultRecipe: 'ladder' } });
    // only an operator sets the house, which the one person of a local server is
    expect((await call('recipes')).json).toMatchObject({ usual: name === 'local' ? 'ladder' : 'preserve' });
    expect(await call('removePlaylist', { playlist: 'evening' })).toMatchObject({ status: 204 });
    expect(await call('playlist', { playlist: 'evening' })).toMatchObject({ status: 404 });
  });

  it('imports an M3U playlist, tells what of it is left out, and refuses one that names nothing', async () => {
    const address = 'https://films.example/lists/all.m3u8';
    const m3u = '#EXTM3U\n#EXTINF:2,One\n../one.mp4\nfile:///etc/passwd\n';
    const { status, json } = await call('importPlaylist', { playlist: 'imported', body: { m3u, address } });
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { id: 'imported', mayChange: true, skipped: [expect.stringContaining('line 4 (file:///etc/passwd)')] },
    });
    expect((await call('playlist', { playlist: 'imported' })).json).toMatchObject({
      playlist: { montages: [{ tracks: [{ items: [{ src: 'https://films.example/one.mp4', name: 'One' }] }] }] },
    });
    for (const body of [
      { m3u: '#EXTM3U\n', address },
      { m3u, address: 'file:///etc/all.m3u' },
    ])
      expect((await call('importPlaylist', { playlist: 'imported', body })).status).toBeGreaterThanOrEqual(400);
  });

  it('retries a job that has ended, cancels one that has not, and neither the other way round', async () => {
    expect(await call('cancel', { job: JOB.id })).toMatchObject({ status: 400, json: { code: 'usage' } });
    expect((await call('retry', { job: JOB.id })).json).toMatchObject({ state: 'queued' });
    expect(await call('retry', { job: JOB.id })).toMatchObject({ status: 400, json: { code: 'usage' } });
    const cancelled = { state: 'failed', failure: { code: 'cancelled', reason: /somebody cancelled it/ } };
    expect((await call('cancel', { job: JOB.id })).json).toMatchObject({
      state: 'failed',
      failure: { code: 'cancelled' },
    });
    expect((await call('job', { job: JOB.id })).json).toMatchObject({ ...cancelled, failure: { code: 'cancelled' } });
  });
});
