import { describe, expect, it } from '@jest/globals';
import { type Client, createClient } from '../../../../web/src/api/client.ts';
import { createCredentials } from '../../../../web/src/sign-in/credentials.ts';

type Answered = { readonly status: number; readonly json?: unknown };

/** A client whose server answers as told, and what it was asked. */
function clientOf(answer: (asked: { readonly path: string; readonly token: string | null }) => Answered | 'broken') {
  const asked: string[] = [];
  const credentials = createCredentials();
  const call: Client = createClient({
    async fetch(input, init) {
      const path = String(input);
      const token = new Headers(init?.headers).get('authorization');
      asked.push(`${init?.method} ${path} ${token}`);
      const said = answer({ path, token });
      if (said === 'broken') throw new TypeError('Failed to fetch');
      return new Response(said.json === undefined ? null : JSON.stringify(said.json), { status: said.status });
    },
    token: credentials.token,
    renew: async () => credentials.token() !== undefined && credentials.renew(call),
  });
  return { call, credentials, asked };
}

describe('the client of the API', () => {
  it('fills the path and the query, each part encoded', async () => {
    const { call, asked } = clientOf(() => ({ status: 200, json: { url: '/x', expiresMs: 1 } }));
    await call('file', { params: { job: 'a/b?c' }, query: { path: 'ü &.mp4', as: 'url' } });
    expect(asked).toEqual(['GET /api/jobs/a%2Fb%3Fc/file?path=%C3%BC+%26.mp4&as=url null']);
  });

  it("gives the API's own sentence and advice", async () => {
    const { call } = clientOf(() => ({
      status: 404,
      json: { code: 'no-input', reason: 'there is no job', advice: 'Look.' },
    }));
    await expect(call('jobs')).rejects.toMatchObject({
      status: 404,
      code: 'no-input',
      message: 'there is no job',
      advice: 'Look.',
    });
  });

  it.each([
    { of: 'a page of a proxy', answer: { status: 502, json: '<html>' } as const, status: 502 },
    { of: 'nothing', answer: { status: 503 } as const, status: 503 },
    { of: 'a broken line', answer: 'broken' as const, status: 0 },
  ])('says what happened when the answer is $of', async ({ answer, status }) => {
    const { call } = clientOf(() => answer);
    await expect(call('jobs')).rejects.toMatchObject({ name: 'Refused', status });
  });

  it('asks for a new token when the one it has is too old, once for many questions, and asks again', async () => {
    const { call, credentials, asked } = clientOf(({ path, token }) => {
      if (path === '/api/sign-in/renewal') return { status: 200, json: { token: 'new', expiresMs: 1 } };
      return token === 'Bearer new'
        ? { status: 200, json: { uploads: [] } }
        : { status: 401, json: { code: 'x', reason: 'old' } };
    });
    credentials.hold({ token: 'old' });
    await Promise.all([call('uploads'), call('uploads')]);
    expect(asked.filter((each) => each.includes('renewal'))).toHaveLength(1);
    expect(credentials.token()).toBe('new');
  });

  it('says that nobody is signed in when there is no new token', async () => {
    const { call, credentials } = clientOf(() => ({
      status: 401,
      json: { code: 'signed-out', reason: 'nobody is signed in' },
    }));
    credentials.hold({ token: 'old' });
    await expect(call('uploads')).rejects.toMatchObject({ status: 401, message: 'nobody is signed in' });
    expect(credentials.token()).toBeUndefined();
  });
});
