import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { nameOf } from '../../core/path-parts.ts';
import type { FileAddresses } from '../../core/ports/file-addresses.ts';

/** Addresses of objects in the bucket. They also end when the credentials of the function do that signed them. */
export function s3Addresses(client: S3Client, Bucket: string): FileAddresses {
  return {
    sign: (key, { disposition, expiresMs }) => {
      const name = encodeURIComponent(nameOf(key)).replace(/[!'()*]/g, escaped);
      const command = new GetObjectCommand({
        ...{ Bucket, Key: key },
        ResponseContentDisposition: disposition === 'inline' ? 'inline' : `attachment; filename*=UTF-8''${name}`,
      });
      return getSignedUrl(client, command, { expiresIn: Math.max(1, Math.floor((expiresMs - Date.now()) / 1000)) });
    },
  };
}

/** Characters that encodeURIComponent leaves and RFC 8187 does not allow. */
const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
