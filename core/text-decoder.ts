import { ServiceError } from './errors.ts';

/**
 * Returns a decoder of the texts of an encoding. Throws `missing-tool` where Node.js was built for Unicode alone, as Alpine's package is
 * without `icu-data-full`.
 */
export function textDecoder(encoding: string, fatal = false): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { fatal });
  } catch (cause) {
    const what = `a text is in the encoding ${encoding}, which this Node.js does not read`;
    const how = 'that of nodejs.org reads it, and that of Alpine does with the package icu-data-full';
    throw new ServiceError('missing-tool', `${what}; ${how}`, {}, { cause });
  }
}
