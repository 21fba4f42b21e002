import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Crc64NvmeJs } from '@aws-sdk/checksums/crc';
import { type AwsServer, fauxqsServer } from './aws-servers.ts';

type Kept = {
  readonly sum: string | undefined;
  readonly storageClass: string | undefined;
  /** That of a copy that was given a type of its own. */
  readonly contentType?: string | undefined;
};

export type S3WithSums = AwsServer & {
  /** The server behind this one. What is written there changes bytes, and not the sum that was stored: as a disk does that fails. */
  readonly behind: string;
  /** Forgets the sum of an object: one that was uploaded before S3 stored any. */
  forgetSum(path: string): void;
  /** Every request, as `HEAD /bucket/key`. */
  readonly heard: string[];
};

/** Answers requests that are not for S3; undefined for those that are. `behind` is the server of the bytes. */
export type OtherService = (
  request: string,
  body: string,
  behind: string,
  headers: IncomingHttpHeaders,
) => Promise<{ readonly status: number; readonly xml: string } | undefined>;

const SUM = 'x-amz-checksum-crc64nvme';

/**
 * An S3 server that stores the CRC64NVME of whole objects, as S3 does (PutObject, UploadPart, CompleteMultipartUpload, HeadObject
 * in the API reference): it computes the sum of what arrives, refuses with BadDigest what does not have the sum in the header, and
 * tells it where `x-amz-checksum-mode: ENABLED` is asked. It also remembers storage classes, and refuses to give archived objects,
 * copies parts (UploadPartCopy), which the server behind it does not, and gives a copy the type that it is to have.
 */
export async function s3WithSums(other: OtherService = async () => undefined): Promise<S3WithSums> {
  const server = await fauxqsServer();
  const kept = new Map<string, Kept>();
  const parts = new Map<string, Map<number, Buffer>>();
  const heard: string[] = [];

  /** The bytes that a copy is made of, by which S3 computes its sum; undefined where there are none. */
  async function bytesBehind(path: string): Promise<Buffer | undefined> {
    const address = path.replace(/^\//, '').split('/').map(encodeURIComponent).join('/');
    const found = await fetch(`${server.endpoint}/${address}`);
    return found.ok ? Buffer.from(await found.arrayBuffer()) : undefined;
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await buffer(incoming);
    const answered = await other(`${method} ${url}`, body.toString('utf8'), server.endpoint, headers);
    if (answered) return void response.writeHead(answered.status, { 'content-type': 'text/xml' }).end(answered.xml);
    const { pathname, searchParams } = new URL(url, server.endpoint);
    const path = decodeURIComponent(pathname);
    heard.push(`${method} ${path}`);
    const upload = searchParams.get('uploadId') ?? '';
    const claimed = headers[SUM]?.toString();
    let whole: Buffer | undefined;
    const copiedFrom = headers['x-amz-copy-source']?.toString();
    if (method === 'PUT' && searchParams.has('partNumber') && copiedFrom !== undefined) {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers['x-amz-copy-source-range']?.toString() ?? '') ?? [];
      const part = (await bytesBehind(decodeURIComponent(copiedFrom)))?.subarray(Number(start), Number(end) + 1);
      const own = parts.get(upload) ?? new Map<number, Buffer>();
      parts.set(upload, own.set(Number(searchParams.get('partNumber')), part ?? Buffer.alloc(0)));
      const put = await fetch(new URL(url, server.endpoint), { method, body: part ?? '' });
      const xml = `<CopyPartResult><ETag>${put.headers.get('etag')}</ETag></CopyPartResult>`;
      return void response.writeHead(put.status, { 'content-type': 'application/xml' }).end(xml);
    }
    if (method === 'PUT' && searchParams.has('partNumber')) {
      if (claimed !== undefined && claimed !== (await sumOf(body))) return refuse(response, 'BadDigest');
      const own = parts.get(upload) ?? new Map<number, Buffer>();
      parts.set(upload, own.set(Number(searchParams.get('partNumber')), body));
    } else if (method === 'PUT' && path.split('/').length > 2 && headers['x-amz-copy-source'] === undefined) {
      whole = body;
    } else if (method === 'POST' && upload !== '') {
      const own = [...(parts.get(upload) ?? [])].sort(([one], [other]) => one - other);
      whole = Buffer.concat(own.map(([, bytes]) => bytes));
    }
    const copied =
      method === 'PUT' && copiedFrom !== undefined ? await bytesBehind(decodeURIComponent(copiedFrom)) : undefined;
    const isDescribed = headers['x-amz-metadata-directive'] === 'REPLACE';
    if (copied)
      kept.set(path, {
        sum: await sumOf(copied),
        storageClass: headers['x-amz-storage-class']?.toString(),
        contentType: isDescribed ? headers['content-type'] : undefined,
      });
    if (whole) {
      const sum = await sumOf(whole);
      if (claimed !== undefined && claimed !== sum) return refuse(response, 'BadDigest');
      kept.set(path, { sum, storageClass: headers['x-amz-storage-class']?.toString() });
    }
    const { sum, storageClass, contentType } = kept.get(path) ?? {};
    const isArchived = storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
    if (method === 'GET' && isArchived) return refuse(response, 'InvalidObjectState', 403);
    const told = {
      ...(method === 'HEAD' && headers['x-amz-checksum-mode'] === 'ENABLED' && sum !== undefined
        ? { [SUM]: sum, 'x-amz-checksum-type': 'FULL_OBJECT' }
        : {}),
      ...(storageClass !== undefined && { 'x-amz-storage-class': storageClass }),
      ...(method === 'HEAD' && contentType !== undefined && { 'content-type': contentType }),
    };
    const onward = request(new URL(url, server.endpoint), { method, headers }, (found) => {
      response.writeHead(found.statusCode ?? 500, { ...found.headers, ...told });
      found.pipe(response);
    });
    onward.once('error', () => response.destroy());
    onward.end(body);
  }

  const proxy = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy()); // its sender was killed
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    behind: server.endpoint,
    heard,
    forgetSum: (path) => kept.set(path, { sum: undefined, storageClass: kept.get(path)?.storageClass }),
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      await server.close();
    },
  };
}

function refuse(response: ServerResponse, code: string, status = 400): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

/** By Amazon's own code, so that ours is not its own witness. */
export async function sumOf(bytes: Uint8Array): Promise<string> {
  const sum = new Crc64NvmeJs();
  sum.update(bytes);
  return Buffer.from(await sum.digest()).toString('base64');
}
