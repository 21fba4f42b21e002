import { expect, it } from '@jest/globals';
import { ROUTES } from '../../../../core/api/routes.ts';
import { REQUESTS } from '../../../../web/src/api/requests.ts';

it('asks for routes as the table of routes has them', () => {
  const wanted = Object.keys(REQUESTS).map((name) => {
    const { method, path } = ROUTES[name as keyof typeof REQUESTS];
    return [name, [method, path]];
  });
  expect(Object.entries(REQUESTS)).toEqual(wanted);
});
