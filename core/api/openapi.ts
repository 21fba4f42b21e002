import * as z from 'zod/mini';
import { refusalSchema } from './people-schemas.ts';
import type { ApiRoute } from './route.ts';
import { ROUTES } from './routes.ts';

type OpenApiPart = Record<string, unknown>;

/** Grows when a route that others may use changes so that they have to. */
const VERSION = '1';

/** The OpenAPI document (3.1) of the route table, which docs/openapi.json equals. */
export function openApiDocument(): OpenApiPart {
  const paths: Record<string, OpenApiPart> = {};
  for (const [name, route] of Object.entries<ApiRoute>(ROUTES)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Reelmill',
      version: VERSION,
      description:
        'Uploads, jobs, playlists and settings of a mill, on one machine (`reelmill serve`) or on AWS. A refusal is `{code, reason}`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Refusal: jsonSchema(refusalSchema, 'output') },
    },
  };
}

function operationOf(operationId: string, route: ApiRoute): OpenApiPart {
  const { summary, audience, params, query, body, answer, status = 200, media, only } = route;
  const isOpen = audience === 'anyone';
  return {
    operationId,
    summary,
    description: [WHO[audience], only && WHERE[only]].filter((text) => text !== undefined).join(' '),
    ...(isOpen ? { security: [] } : { security: [{ token: [] }] }),
    parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
    ...requestBody(route, body),
    responses: {
      [status]: { description: summary, ...contentOf(status, media, answer) },
      ...(status === 302 && { 200: { description: 'With `as=url`', ...json(jsonSchema(answer, 'output')) } }),
      ...(!isOpen && { 401: { description: 'Nobody is signed in, or the sign-in has expired' } }),
      default: { description: 'A refusal', ...json({ $ref: '#/components/schemas/Refusal' }) },
    },
  };
}

const WHO: Readonly<Record<ApiRoute['audience'], string>> = {
  anyone: 'For anyone.',
  person: 'For whoever is signed in.',
  owner: 'For the person whom it belongs to, and for operators.',
  operator: 'For operators.',
};
const WHERE = { local: 'On one machine only.', aws: 'On AWS only.' } as const;

function requestBody({ media, method }: ApiRoute, body: ApiRoute['body']): OpenApiPart {
  if (body) return { requestBody: { required: true, ...json(jsonSchema(body, 'input')) } };
  if (media !== 'application/octet-stream' || method !== 'PUT') return {};
  return { requestBody: { required: true, content: { [media]: { schema: { type: 'string', format: 'binary' } } } } };
}

function contentOf(status: number, media: ApiRoute['media'], answer: ApiRoute['answer']): OpenApiPart {
  if (status === 204 || status === 302) return {};
  if (media === 'text/event-stream') return { content: { [media]: { schema: { type: 'string' } } } };
  return json(jsonSchema(answer, 'output'));
}

const json = (schema: OpenApiPart): OpenApiPart => ({ content: { 'application/json': { schema } } });

function parametersOf(where: 'path' | 'query', schema: ApiRoute['params']): readonly OpenApiPart[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = objectSchema.parse(z.toJSONSchema(schema, { io: 'input' }));
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: value,
  }));
}

const objectSchema = z.object({
  properties: z.optional(z.record(z.string(), z.unknown())),
  required: z.optional(z.array(z.string())),
});

/** The JSON Schema of what goes in or comes out, without the line that names the dialect, which OpenAPI 3.1 has by default. */
function jsonSchema(schema: z.ZodMiniType, io: 'input' | 'output'): OpenApiPart {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
