import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiRoute } from '../../core/api/route.ts';
import { ROUTES } from '../../core/api/routes.ts';
import { newJob } from '../fixtures/new-job.ts';
import { type ApiSide, functionSide, localSide, type Who } from '../support/api-sides.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const JOB = newJob('film.mov', {
  source: 'input/preserve/user-ann/film.mov',
  state: { status: 'failed', code: 'x', reason: 'y' },
});

/** A body that each route takes. */
const BODIES: Readonly<Record<string, unknown>> = {
  plan: { recipe: 'preserve', film: { width: 320, height: 180, fps: 25, seconds: 2 } },
  putHouse: { autoplay: false, defaultPlaylist: null, defaultRecipe: 'preserve' },
  count: { job: JOB.id, rendition: 'preserve', kind: 'view' },
  beginUpload: { recipe: 'preserve', path: 'new.mov', bytes: 5 },
  signParts: { parts: [{ number: 1, checksum: `${'A'.repeat(43)}=` }] },
  completeUpload: { parts: [{ number: 1, checksum: `${'A'.repeat(43)}=` }] },
  putPlaylist: { montages: [] },
  importPlaylist: { m3u: 'film.mp4', address: 'https://films.example/all.m3u' },
};
const QUERIES: Readonly<Record<string, string>> = { file: 'path=manifest.json&as=url' };

const SIDES = {
  local: { open: async () => localSide(await temporaryFolder()), people: false },
  aws: { open: functionSide, people: true },
} as const;

describe.each(Object.entries(SIDES))('who may what on %s', (name, { open, people }) => {
  let side: ApiSide;
  let upload = '';
  const routes = Object.entries<ApiRoute>(ROUTES).filter(([, { only }]) => only === undefined || only === name);
  const named = (audiences: readonly string[]) =>
    routes.filter(([, { audience }]) => audiences.includes(audience)).map(([route, row]) => ({ route, ...row }));

  beforeAll(async () => {
    side = await open();
    await side.jobs.create(JOB);
    await side.ask({ method: 'PUT', path: '/api/playlists/evening', query: '', body: { montages: [] } }, 'ann');
    const begun = await side.ask(
      { method: 'POST', path: '/api/uploads', query: '', body: { recipe: 'preserve', path: 'begun.mov', bytes: 5 } },
      'ann',
    );
    upload = (begun.json as { upload: string }).upload;
  });
  afterAll(() => side.close());

  const call = (route: string, { method, path }: ApiRoute, who: Who) => {
    const filled = path.replace('{job}', JOB.id).replace('{upload}', upload).replace('{playlist}', 'evening');
    const query = QUERIES[route] ?? '';
    return side.ask({ method, path: filled, query, ...(BODIES[route] !== undefined && { body: BODIES[route] }) }, who);
  };

  it('has routes for everybody, for people, for owners and for operators', () => {
    for (const audience of ['anyone', 'person', 'owner', 'operator']) expect(named([audience])).not.toEqual([]);
  });

  describe.each<Who>(['nobody', 'expired', 'foreign'])('%s', (who) => {
    it.each(named(['person', 'owner', 'operator']))('is refused $method $path', async (row) => {
      const { status, json } = await call(row.route, row, who);
      expect({ status, json }).toEqual({
        status: 401,
        json: { code: 'signed-out', reason: expect.stringMatching(/signed in/), advice: 'Sign in again.' },
      });
    });
  });

  if (people) {
    it.each(named(['owner']))('somebody else is refused $method $path', async (row) => {
      const { status, json } = await call(row.route, row, 'bob');
      expect([403, 404]).toContain(status);
      expect(JSON.stringify(json)).not.toContain('film.mov');
    });

    it.each(named(['operator']))('somebody who is no operator is refused $method $path', async (row) => {
      expect(await call(row.route, row, 'ann')).toMatchObject({ status: 403, json: { code: 'not-allowed' } });
    });

    it('shows people their own jobs, and operators all', async () => {
      const seen = async (who: Who) => (await call('jobs', ROUTES.jobs, who)).json as { totals: { jobs: number } };
      expect((await seen('ann')).totals.jobs).toBe(1);
      expect((await seen('bob')).totals.jobs).toBe(0);
      expect((await seen('olga')).totals.jobs).toBe(1);
    });

    it('lets an operator see what somebody else owns', async () => {
      expect(await call('job', ROUTES.job, 'olga')).toMatchObject({ status: 200, json: { job: JOB.id } });
    });
  }

  it.each(named(['person', 'owner', 'operator']).filter(({ media, method }) => !media && method === 'GET'))(
    'its owner and an operator get an answer of $method $path',
    async (row) => {
      const owner = row.audience === 'operator' ? 'olga' : 'ann';
      const { status, json } = await call(row.route, row, owner);
      // there is no manifest of this job
      expect(status).toBe(row.route === 'file' ? 404 : 200);
      if (status === 200) expect((row.answer as { parse(value: unknown): unknown }).parse(json)).toEqual(json);
    },
  );

  it.each(named(['anyone']).filter(({ media, method }) => !media && method === 'GET'))(
    'anyone gets an answer of $method $path',
    async (row) => {
      expect((await call(row.route, row, 'nobody')).status).toBe(200);
    },
  );

  it.each(Object.keys(BODIES))('a body of %s that is none is refused with a sentence', async (route) => {
    const row: ApiRoute = ROUTES[route as keyof typeof ROUTES];
    const path = row.path.replace('{job}', JOB.id).replace('{upload}', upload).replace('{playlist}', 'other');
    const { status, json } = await side.ask({ method: row.method, path, query: '', body: 7 }, 'olga');
    expect({ status, json }).toMatchObject({
      status: 400,
      json: { code: 'usage', reason: expect.stringMatching(/^body.* is 7, and has to be /) },
    });
  });
});
