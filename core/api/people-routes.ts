import * as z from 'zod/mini';
import {
  askForCode,
  codeSent,
  giveCode,
  houseSchema,
  planAsked,
  planSchema,
  recipesSchema,
  sessionSchema,
  signInWay,
  tokenGiven,
} from './people-schemas.ts';
import type { ApiRoute } from './route.ts';

const nothing = z.object({});

export const PEOPLE_ROUTES = {
  signInWay: {
    method: 'GET',
    path: '/api/sign-in',
    audience: 'anyone',
    summary: 'How people come in',
    answer: signInWay,
  },
  askForCode: {
    method: 'POST',
    path: '/api/sign-in',
    audience: 'anyone',
    summary: 'Ask for a code by e-mail',
    body: askForCode,
    answer: codeSent,
    only: 'aws',
  },
  giveCode: {
    method: 'POST',
    path: '/api/sign-in/code',
    audience: 'anyone',
    summary: 'Come in with the code',
    body: giveCode,
    answer: tokenGiven,
    only: 'aws',
  },
  renewToken: {
    method: 'POST',
    path: '/api/sign-in/renewal',
    audience: 'anyone',
    summary: 'Renew the token by the cookie',
    answer: tokenGiven,
    only: 'aws',
  },
  signOut: {
    method: 'DELETE',
    path: '/api/sign-in',
    audience: 'anyone',
    summary: 'Go out: the cookie ends',
    answer: nothing,
    status: 204,
  },
  session: {
    method: 'GET',
    path: '/api/session',
    audience: 'person',
    summary: 'Who I am, what I may, and the limits',
    answer: sessionSchema,
  },
  recipes: {
    method: 'GET',
    path: '/api/recipes',
    audience: 'person',
    summary: 'The recipes and their settings',
    answer: recipesSchema,
  },
  plan: {
    method: 'POST',
    path: '/api/plan',
    audience: 'person',
    summary: 'What a film would take and become',
    body: planAsked,
    answer: planSchema,
  },
  house: {
    method: 'GET',
    path: '/api/house',
    audience: 'person',
    summary: 'The settings of the house',
    answer: houseSchema,
  },
  putHouse: {
    method: 'PUT',
    path: '/api/house',
    audience: 'operator',
    summary: 'Change the settings of the house',
    body: houseSchema,
    answer: houseSchema,
  },
  openapi: {
    method: 'GET',
    path: '/api/openapi.json',
    audience: 'anyone',
    summary: 'This API as an OpenAPI document',
    answer: z.record(z.string(), z.unknown()),
  },
} as const satisfies Readonly<Record<string, ApiRoute>>;
