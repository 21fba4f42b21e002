import middy from '@middy/core';
import { serveThumbnail } from '../app/serve/serve-thumbnail.ts';
import { thumbnailPorts } from '../runtime/aws/thumbnail-ports.ts';
import { STACK_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { askedOfUrl, urlAnswer } from './function-url.ts';
import { logged } from './logged.ts';

const ports = thumbnailPorts(stackConfig(STACK_ENVIRONMENT.thumbnail));

/** Serves thumbnails at the function's URL, as `reelmill thumbnails` does locally. */
export const handler = middy()
  .use(logged(ports.log, 'thumbnail.failed'))
  .handler(async (event: unknown) => urlAnswer(await serveThumbnail(askedOfUrl(event), ports)));
