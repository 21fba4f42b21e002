import middy from '@middy/core';
import { serveMedia } from '../app/serve/serve-media.ts';
import { mediaPorts, streamOf } from '../runtime/aws/media-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { mediaAskOfUrl } from './function-url.ts';
import { logged } from './logged.ts';

const ports = mediaPorts(stackConfig(STACK_ENVIRONMENT.media));

/** Streams results, whole, in ranges or in fragments, at the function's URL. */
export const handler = middy({ streamifyResponse: true })
  .use(logged(ports.log, 'media.failed'))
  .handler(async (event: unknown) => {
    const { status, headers, body } = await serveMedia(mediaAskOfUrl(event), ports);
    return { statusCode: status, headers, body: streamOf(body) };
  });
