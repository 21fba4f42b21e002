import { S3Client } from '@aws-sdk/client-s3';
import { asking } from '../../adapters/aws/aws-failure.ts';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { s3Head } from '../../adapters/aws/s3-head.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import type { SmallObjects } from '../../core/ports/object-store.ts';
import { sharpPictures } from '../../media/pictures/sharp-pictures.ts';
import type { StackConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { functionOptions } from './options.ts';

/** The ports that serve thumbnails of a bucket's `output/`. */
export function thumbnailPorts(config: StackConfig<'thumbnail'>) {
  const options = functionOptions();
  const client = new S3Client(bucketOptions(options));
  const objects = s3SmallObjects(client, config.MEDIA_BUCKET);
  return {
    outputs: {
      head: (key: string) => asking(`head ${key}`, () => s3Head(client, config.MEDIA_BUCKET, key)),
      read: objects.read,
    },
    cache: belowCache(objects),
    pictures: sharpPictures,
    log: jsonLog(config.LOGS, { stage: config.STAGE }),
  };
}

const belowCache = ({ read, write }: SmallObjects): SmallObjects => ({
  read: (key) => read(`cache/${key}`),
  write: (key, bytes, contentType) => write(`cache/${key}`, bytes, contentType),
});
