import { describe, expect, it } from '@jest/globals';
import type { UploadState } from '../../../../web/src/upload/upload-item.ts';
import { createUploads, type Uploads } from '../../../../web/src/upload/uploads.ts';
import { uploadServer } from '../../support/upload-server.ts';

const TEXT = 'abcdefghijklmnopqrstuvwxyz0123456789'; // nine parts of four bytes
const film = (text = TEXT, name = 'clip.mov', lastModified = 1000) => new File([text], name, { lastModified });
const chosen = (file: File, handle?: FileSystemFileHandle) => ({ file, path: `tour/${file.name}`, handle });
const order = (file: File) => ({ ...chosen(file), recipe: 'preserve', settings: {} });

/** Resolves when the only upload is in one of these states, or at once if it is. */
function reaches(uploads: Uploads, ...statuses: readonly UploadState['status'][]): Promise<UploadState> {
  return new Promise((resolve) => {
    const look = () => {
      const state = uploads.items()[0]?.state;
      if (state && statuses.includes(state.status)) resolve(state);
    };
    uploads.subscribe(look);
    look();
  });
}

describe('an upload', () => {
  it('sends every part once, four at a time, and is forgotten when it is complete', async () => {
    const { ports, counts, finished, remembered } = uploadServer();
    const uploads = createUploads(ports);
    uploads.add([order(film())]);
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
    expect(counts).toMatchObject({ puts: 9, bytes: 36, mostAtOnce: 4 });
    expect(remembered.size).toBe(0);
    expect(uploads.items()[0]?.sentBytes).toBe(36);
  });

  it.each([
    { of: 'an address that expired', status: 403, waits: 0 },
    { of: 'a server that fails', status: 500, waits: 1 },
    { of: 'a server that has too much to do', status: 503, waits: 1 },
    { of: 'a line that breaks', status: 0, waits: 1 },
    { of: 'a request that took too long', status: 408, waits: 1 },
  ])('goes on after $of, and sends that part alone again', async ({ status, waits }) => {
    const fault = ({ number, attempt }: { readonly number: number; readonly attempt: number }) =>
      number === 3 && attempt === 1 ? { status, reason: 'no' } : undefined;
    const { ports, counts, finished } = uploadServer({ fault });
    const uploads = createUploads(ports);
    uploads.add([order(film())]);
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
    expect(counts).toMatchObject({ puts: 10, signed: 10 });
    expect(counts.waits).toHaveLength(waits);
  });

  it('waits longer each time, and gives up with the sentence of the server when nothing helps', async () => {
    const { ports, counts, remembered } = uploadServer({ fault: () => ({ status: 500, reason: 'the disk is full' }) });
    const uploads = createUploads(ports);
    uploads.add([order(film('abcd'))]);
    expect(await reaches(uploads, 'failed')).toMatchObject({ reason: 'the disk is full' });
    expect(counts.waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(remembered.size).toBe(1);
  });

  it('gives up at once what no attempt can mend, and ends the other parts', async () => {
    const { ports, counts } = uploadServer({
      fault: ({ number }) => (number === 2 ? { status: 400, reason: 'a part of the wrong size' } : 'hang'),
    });
    const uploads = createUploads(ports);
    uploads.add([order(film())]);
    expect(await reaches(uploads, 'failed', 'done')).toMatchObject({ reason: 'a part of the wrong size' });
    expect(counts).toMatchObject({ puts: 4, waits: [] });
  });

  it('completes when the API fails at first', async () => {
    const { ports, state, finished } = uploadServer();
    state.refusesToComplete = 2;
    const uploads = createUploads(ports);
    uploads.add([order(film())]);
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
  });

  it('waits while the browser is offline and goes on when it is back', async () => {
    const { ports, state, counts, finished, comeBack } = uploadServer();
    state.isOnline = false;
    const uploads = createUploads(ports);
    uploads.add([order(film())]);
    await reaches(uploads, 'sending');
    expect(counts.puts).toBe(0);
    comeBack();
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
  });

  it('sends only what is missing when it goes on after a pause', async () => {
    let hangs = true;
    const { ports, counts, finished } = uploadServer({
      fault: ({ number }) => (hangs && number > 5 ? 'hang' : undefined),
    });
    const uploads = createUploads(ports);
    uploads.add([order(film())]);
    await new Promise<void>((resolve) => uploads.subscribe(() => counts.puts === 9 && resolve()));
    const [item] = uploads.items();
    uploads.pause(item?.id ?? '');
    expect(uploads.items()[0]?.state.status).toBe('paused');
    hangs = false;
    await uploads.goOn(item?.id ?? '');
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
    expect(counts.puts).toBe(9 + 4);
  });

  it('is given up here and there', async () => {
    const { ports, uploads: there, remembered } = uploadServer({ fault: () => 'hang' });
    const uploads = createUploads(ports);
    uploads.add([order(film())]);
    await new Promise<void>((resolve) => uploads.subscribe(() => remembered.size > 0 && resolve()));
    await uploads.giveUp(uploads.items()[0]?.id ?? '');
    expect([uploads.items(), [...there], [...remembered]]).toEqual([[], [], []]);
  });
});

describe('after a reload', () => {
  /** A page that was left when five parts of nine had arrived. */
  async function left(handle?: FileSystemFileHandle) {
    let hangs = true;
    const server = uploadServer({ fault: ({ number }) => (hangs && number > 5 ? 'hang' : undefined) });
    const before = createUploads(server.ports);
    before.add([{ ...chosen(film(), handle), recipe: 'preserve', settings: {} }]);
    await new Promise<void>((resolve) => before.subscribe(() => server.counts.puts === 9 && resolve()));
    before.pause(before.items()[0]?.id ?? '');
    await server.allQuiet();
    hangs = false;
    server.counts.puts = 0;
    return server;
  }
  const handleTo = (file: File) =>
    ({ kind: 'file', name: file.name, getFile: async () => file }) as FileSystemFileHandle;

  it('goes on by itself where the browser may open the file, and sends what was on its way', async () => {
    const { ports, counts, finished } = await left(handleTo(film()));
    const uploads = createUploads(ports);
    await uploads.restore();
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
    expect(counts.puts).toBe(4);
  });

  it('asks for the file, says how much of it is there, and knows it again', async () => {
    const { ports, counts, finished } = await left();
    const uploads = createUploads(ports);
    await uploads.restore();
    expect(await reaches(uploads, 'needs-file')).toMatchObject({ why: 'reload' });
    await new Promise<void>((resolve) => {
      const look = () => uploads.items()[0]?.sentBytes === 20 && resolve();
      uploads.subscribe(look);
      look();
    });
    const others = await uploads.takeUp([chosen(film('other', 'b.mov')), { ...chosen(film()), path: 'clip.mov' }]);
    expect(others.map(({ path }) => path)).toEqual(['tour/b.mov']);
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
    expect(counts.puts).toBe(4);
  });

  it.each([
    { another: 'time', file: film(TEXT, 'clip.mov', 2000) },
    { another: 'size', file: film(`${TEXT}!`) },
    { another: 'name', file: film(TEXT, 'clip2.mov') },
    { another: 'beginning', file: film(`X${TEXT.slice(1)}`) },
  ])('takes a file with another $another for another file', async ({ file }) => {
    const { ports } = await left();
    const uploads = createUploads(ports);
    await uploads.restore();
    expect(await uploads.takeUp([chosen(file)])).toHaveLength(1);
    expect(uploads.items()[0]?.state.status).toBe('needs-file');
  });

  it('begins anew what was swept meanwhile', async () => {
    const { ports, uploads: there, finished } = await left();
    const uploads = createUploads(ports);
    await uploads.restore();
    await reaches(uploads, 'needs-file');
    there.clear();
    await uploads.takeUp([chosen(film())]);
    await reaches(uploads, 'done', 'failed');
    expect(finished.get('tour/clip.mov')).toBe(TEXT);
  });

  it('forgets what another browser finished', async () => {
    const { ports, uploads: there, remembered } = await left();
    there.clear();
    const uploads = createUploads(ports);
    await uploads.restore();
    expect([uploads.items(), [...remembered]]).toEqual([[], []]);
  });
});

describe('two tabs', () => {
  it('send one upload once: the second waits, and finds it done', async () => {
    let hangs = true;
    const { ports, counts, finished } = uploadServer({
      fault: () => (hangs ? { status: 500, reason: 'later' } : undefined),
    });
    const first = createUploads(ports);
    first.add([order(film('abcd'))]);
    await new Promise<void>((resolve) => first.subscribe(() => counts.puts > 0 && resolve()));
    const second = createUploads(ports);
    await second.restore();
    await reaches(second, 'elsewhere');
    hangs = false;
    await reaches(first, 'done');
    await reaches(second, 'done');
    expect(finished.get('tour/clip.mov')).toBe('abcd');
    expect(counts.puts).toBeLessThanOrEqual(3);
  });
});
