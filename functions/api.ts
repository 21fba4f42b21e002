import middy from '@middy/core';
import { answerApi } from '../app/api/answer-api.ts';
import { refusal } from '../core/api/refusal.ts';
import { apiPorts } from '../runtime/aws/api-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { askedOfHttpApi, type HttpApiAnswer, type HttpApiRequest, httpApiAnswer } from './http-api.ts';
import { logged } from './logged.ts';

const ports = apiPorts(stackConfig(STACK_ENVIRONMENT.api));

/** Answers the API, and gives out the pages, which are in the zip. */
export const handler = middy()
  .use(logged(ports.log, 'api.failed'))
  .handler(async (event: unknown) => {
    const asked = askedOfHttpApi(event, ports.callerOf);
    return asked.path.startsWith('/api/') ? httpApiAnswer(await answerApi(asked, ports)) : pageAt(asked);
  });

async function pageAt({ method, path, ifNoneMatch }: HttpApiRequest): Promise<HttpApiAnswer> {
  const pages = await ports.pages();
  const page = method === 'GET' || method === 'HEAD' ? pages.at(path) : undefined;
  if (!page) return httpApiAnswer(refusal('no-input', `there is nothing at ${path}`));
  const { status, headers, body } = page;
  if (status === 200 && ifNoneMatch === headers.etag) return { statusCode: 304, headers, isBase64Encoded: false };
  return { statusCode: status, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}
