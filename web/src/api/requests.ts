import type { RouteName } from '../../../core/api/routes.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The routes that the pages call; the table of routes itself would bring all its schemas along. */
export const REQUESTS = {
  signInWay: ['GET', '/api/sign-in'],
  askForCode: ['POST', '/api/sign-in'],
  giveCode: ['POST', '/api/sign-in/code'],
  renewToken: ['POST', '/api/sign-in/renewal'],
  signOut: ['DELETE', '/api/sign-in'],
  session: ['GET', '/api/session'],
  recipes: ['GET', '/api/recipes'],
  plan: ['POST', '/api/plan'],
  jobs: ['GET', '/api/jobs'],
  job: ['GET', '/api/jobs/{job}'],
  retry: ['POST', '/api/jobs/{job}/retry'],
  cancel: ['POST', '/api/jobs/{job}/cancel'],
  file: ['GET', '/api/jobs/{job}/file'],
  count: ['POST', '/api/views'],
  uploads: ['GET', '/api/uploads'],
  beginUpload: ['POST', '/api/uploads'],
  upload: ['GET', '/api/uploads/{upload}'],
  signParts: ['POST', '/api/uploads/{upload}/urls'],
  completeUpload: ['POST', '/api/uploads/{upload}/complete'],
  abortUpload: ['DELETE', '/api/uploads/{upload}'],
} as const satisfies Readonly<Partial<Record<RouteName, readonly [Method, string]>>>;

export type RequestName = keyof typeof REQUESTS;
