import type * as z from 'zod/mini';
import { JOB_ROUTES } from './job-routes.ts';
import { PEOPLE_ROUTES } from './people-routes.ts';
import { PLAYLIST_ROUTES } from './playlist-routes.ts';
import { UPLOAD_ROUTES } from './upload-routes.ts';

/** Every route of the API. Servers, the OpenAPI document and the test of who may what are made from this table. */
export const ROUTES = { ...PEOPLE_ROUTES, ...JOB_ROUTES, ...UPLOAD_ROUTES, ...PLAYLIST_ROUTES };

export type RouteName = keyof typeof ROUTES;

/** The schema that a route has for its answer, body or query; never if it has none. */
type SchemaOf<Name extends RouteName, Key extends string> =
  (typeof ROUTES)[Name] extends Record<Key, infer Schema extends z.ZodMiniType> ? Schema : never;

/** What a route answers, as JSON. */
export type AnswerOf<Name extends RouteName> = z.output<SchemaOf<Name, 'answer'>>;
/** What a use case is given of a query, and of a body. */
export type QueryRead<Name extends RouteName> = z.output<SchemaOf<Name, 'query'>>;
export type BodyRead<Name extends RouteName> = z.output<SchemaOf<Name, 'body'>>;
/** What a route takes as the body of a request, as JSON. */
export type BodyOf<Name extends RouteName> = z.input<SchemaOf<Name, 'body'>>;
/** What a route takes in its query, all of it text. */
export type QueryOf<Name extends RouteName> = z.input<SchemaOf<Name, 'query'>>;
