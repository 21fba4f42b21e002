import * as z from 'zod';

/** The parts of an OpenAPI document that a client is made of. */
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean() })),
  requestBody: z.optional(z.object({ content: z.record(z.string(), z.unknown()) })),
  responses: z.record(z.string(), z.unknown()),
});
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

export type Sent = { readonly method: string; readonly path: string; readonly query: string; readonly body?: unknown };
export type Got = { readonly status: number; readonly json: unknown };
type Arguments = { readonly [name: string]: unknown; readonly body?: unknown };

/**
 * A client with a method for each operation, generated from nothing but the document. It refuses arguments that the
 * document does not have, and answers with a status that it does not have.
 */
export function clientOf(openapi: unknown, send: (sent: Sent) => Promise<Got>) {
  const operations = new Map<string, (given?: Arguments) => Promise<Got>>();
  for (const [template, methods] of Object.entries(document.parse(openapi).paths)) {
    for (const [method, each] of Object.entries(methods)) {
      operations.set(each.operationId, async (given = {}) => {
        const { body, ...values } = given;
        const known = each.parameters.map(({ name }) => name);
        for (const name of Object.keys(values)) if (!known.includes(name)) throw new Error(`no parameter ${name}`);
        for (const { name, required } of each.parameters)
          if (required && values[name] === undefined) throw new Error(`${each.operationId} wants ${name}`);
        if ((body !== undefined) !== (each.requestBody !== undefined)) throw new Error(`body of ${each.operationId}`);
        const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(`${values[name]}`));
        const inQuery = each.parameters.filter((one) => one.in === 'query' && values[one.name] !== undefined);
        const query = new URLSearchParams(Object.fromEntries(inQuery.map(({ name }) => [name, `${values[name]}`])));
        const got = await send({
          method: method.toUpperCase(),
          path,
          query: `${query}`,
          ...(body !== undefined && { body }),
        });
        const isKnown = `${got.status}` in each.responses || got.status >= 400;
        if (!isKnown) throw new Error(`${each.operationId} answered ${got.status}, which the document does not have`);
        return got;
      });
    }
  }
  return (id: string, given?: Arguments): Promise<Got> => {
    const call = operations.get(id);
    if (!call) throw new Error(`the document has no ${id}`);
    return call(given);
  };
}
