import { describe, expect, it } from '@jest/globals';
import { matchRoute } from '../../../core/api/route.ts';
import { type AnswerOf, type BodyOf, type QueryOf, ROUTES } from '../../../core/api/routes.ts';

describe('the route table', () => {
  it.each([
    { method: 'GET', path: '/api/jobs', found: { name: 'jobs', params: {} } },
    { method: 'GET', path: '/api/jobs/0011', found: { name: 'job', params: { job: '0011' } } },
    { method: 'POST', path: '/api/jobs/0011/retry', found: { name: 'retry', params: { job: '0011' } } },
    { method: 'GET', path: '/api/jobs/%30', found: { name: 'job', params: { job: '0' } } },
    { method: 'PUT', path: '/api/jobs', found: { allowed: ['GET'] } },
    { method: 'GET', path: '/api/jobs/', found: { allowed: [] } },
    { method: 'GET', path: '/api/jobs/%', found: { allowed: [] } },
    { method: 'GET', path: '/api//jobs', found: { allowed: [] } },
    { method: 'GET', path: '/api/__proto__', found: { allowed: [] } },
  ])('finds $method $path', ({ method, path, found }) => {
    expect(matchRoute(ROUTES, { method, path })).toEqual(found);
  });

  it('has each method of each path once, and a schema for each brace', () => {
    const rows = Object.values(ROUTES);
    expect(new Set(rows.map(({ method, path }) => `${method} ${path}`)).size).toBe(rows.length);
    for (const row of rows) {
      const braces = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys('params' in row ? row.params.shape : {})).toEqual(braces);
    }
  });

  it('gives pages the types of what they send and get', () => {
    const query: QueryOf<'jobs'> = { state: 'open', limit: '50' };
    const body: BodyOf<'beginUpload'> = { recipe: 'preserve', path: 'clip.mov', bytes: 1 };
    const answer: AnswerOf<'house'> = { autoplay: true, defaultPlaylist: null, defaultRecipe: 'preserve' };
    expect(ROUTES.jobs.query.parse(query)).toEqual({ state: 'open', limit: 50 });
    expect(ROUTES.beginUpload.body.parse(body)).toEqual(body);
    expect(ROUTES.house.answer.parse(answer)).toEqual(answer);
  });
});
