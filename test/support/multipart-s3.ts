import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * S3's multipart uploads and signed addresses as its reference has them (CreateMultipartUpload, UploadPart, ListParts,
 * CompleteMultipartUpload with If-None-Match, AbortMultipartUpload), in front of a server that has the rest of S3. The
 * emulators at hand check no signature, and have no ListParts that ends.
 */
export type MultipartS3 = { readonly endpoint: string; close(): Promise<void> };

type Part = { readonly bytes: Buffer; readonly checksum: string; readonly etag: string };
type Upload = { readonly path: string; readonly metadata: Record<string, string>; readonly parts: Map<number, Part> };

const SECRET = 'test';
const MOST_LISTED = 3;

export async function multipartS3(behind: { readonly endpoint: string }): Promise<MultipartS3> {
  const uploads = new Map<string, Upload>();
  let made = 0;

  /** Objects that are being put where there is none: whoever asks meanwhile is refused. */
  const beingPut = new Set<string>();
  const completing = new Map<string, Promise<void>>();

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', behind.endpoint);
    const body = await bodyOf(incoming);
    const { searchParams: query } = url;
    const fault = query.has('X-Amz-Signature') ? signatureFault(incoming, url) : undefined;
    if (fault !== undefined) return void xml(response, 403, error(fault));
    const path = url.pathname;
    const id = query.get('uploadId');
    const upload = id === null ? undefined : uploads.get(id);
    if (id !== null && upload?.path !== path) return void xml(response, 404, error('NoSuchUpload'));
    if (incoming.method === 'POST' && query.has('uploads')) {
      const name = `upload-${++made}`;
      const metadata = Object.entries(incoming.headers).filter(([key]) => key.startsWith('x-amz-meta-'));
      uploads.set(name, { path, metadata: Object.fromEntries(metadata) as Record<string, string>, parts: new Map() });
      return void xml(
        response,
        200,
        `<InitiateMultipartUploadResult><UploadId>${name}</UploadId></InitiateMultipartUploadResult>`,
      );
    }
    if (incoming.method === 'PUT' && id === null && incoming.headers['if-none-match'] === '*') {
      if (beingPut.has(path)) return void xml(response, 412, error('PreconditionFailed'));
      beingPut.add(path);
      try {
        const there = await fetch(url.origin + path, { method: 'HEAD' });
        if (there.ok) return void xml(response, 412, error('PreconditionFailed'));
        return await pass(incoming, response, { url, body });
      } finally {
        beingPut.delete(path);
      }
    }
    if (!upload || id === null) return pass(incoming, response, { url, body });
    if (incoming.method === 'PUT') return void putPart(incoming, response, { query, body, upload });
    if (incoming.method === 'GET')
      return void xml(response, 200, listed(upload, Number(query.get('part-number-marker') ?? 0)));
    if (incoming.method === 'DELETE') {
      uploads.delete(id);
      return void response.writeHead(204).end();
    }
    const isNewOnly = incoming.headers['if-none-match'] === '*';
    if (!isNewOnly) return complete(body, response, { url, id, upload });
    // of two that are completed at the same time the first to end succeeds, and the other is refused then
    const before = completing.get(path);
    const done = (async () => {
      await before;
      const there = await fetch(url.origin + path, { method: 'HEAD' });
      if (there.ok) xml(response, 412, error('PreconditionFailed'));
      else await complete(body, response, { url, id, upload });
    })();
    completing.set(
      path,
      done.catch(() => {}),
    );
    return done;
  }

  async function complete(
    body: Buffer,
    response: ServerResponse,
    { url, id, upload }: { readonly url: URL; readonly id: string; readonly upload: Upload },
  ): Promise<void> {
    const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) =>
      Number(number),
    );
    if (numbers.some((number) => !upload.parts.has(number))) return void xml(response, 400, error('InvalidPart'));
    await putWhole(
      url.origin + url.pathname,
      numbers.map((number) => upload.parts.get(number)?.bytes ?? Buffer.alloc(0)),
      upload.metadata,
    );
    uploads.delete(id);
    xml(response, 200, '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>');
  }

  const server = createServer((incoming, response) => {
    respond(incoming, response).catch((thrown) => xml(response, 500, error('InternalError', `${thrown}`)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** What the server behind takes in one request, which has multipart uploads itself. */
const LARGEST_BODY_BYTES = 10 * 2 ** 20;

async function putWhole(address: string, parts: readonly Buffer[], headers: Record<string, string>): Promise<void> {
  const whole = Buffer.concat(parts);
  const sent = async (query: string, method: string, body: Buffer | string, more: Record<string, string> = {}) => {
    const answer = await fetch(`${address}${query}`, {
      method,
      body: new Uint8Array(Buffer.from(body)),
      headers: more,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${query} is answered by ${answer.status} ${text}`);
    return { text, etag: answer.headers.get('etag') ?? '' };
  };
  if (whole.length <= LARGEST_BODY_BYTES) return void (await sent('', 'PUT', whole, headers));
  const { text } = await sent('?uploads', 'POST', '', headers);
  const id = encodeURIComponent(/<UploadId>([^<]+)</.exec(text)?.[1] ?? '');
  let list = '';
  for (const [index, part] of parts.entries()) {
    const number = index + 1;
    const { etag } = await sent(`?partNumber=${number}&uploadId=${id}`, 'PUT', part);
    list += `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`;
  }
  await sent(`?uploadId=${id}`, 'POST', `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
}

function putPart(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { query, body, upload }: { readonly query: URLSearchParams; readonly body: Buffer; readonly upload: Upload },
): void {
  const checksum = createHash('sha256').update(body).digest('base64');
  if (headers['x-amz-checksum-sha256'] !== checksum) {
    xml(response, 400, error('BadDigest'));
    return;
  }
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  upload.parts.set(Number(query.get('partNumber')), { bytes: body, checksum, etag });
  response.writeHead(200, { etag }).end();
}

function listed({ parts }: Upload, after: number): string {
  const behind = [...parts].sort(([a], [b]) => a - b).filter(([number]) => number > after);
  const page = behind.slice(0, MOST_LISTED);
  const each = page.map(
    ([number, { bytes, checksum, etag }]) =>
      `<Part><PartNumber>${number}</PartNumber><Size>${bytes.length}</Size><ETag>${etag}</ETag><ChecksumSHA256>${checksum}</ChecksumSHA256></Part>`,
  );
  const more = behind.length > page.length;
  const next = more ? `<NextPartNumberMarker>${page.at(-1)?.[0]}</NextPartNumberMarker>` : '';
  return `<ListPartsResult>${each.join('')}<IsTruncated>${more}</IsTruncated>${next}</ListPartsResult>`;
}

async function pass(
  { method = 'GET', headers }: IncomingMessage,
  response: ServerResponse,
  { url, body }: { readonly url: URL; readonly body: Buffer },
): Promise<void> {
  const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, expect: _____, ...rest } = headers;
  const answer = await fetch(url, {
    method,
    headers: rest as Record<string, string>,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const { 'content-encoding': _e, 'transfer-encoding': _t, ...given } = Object.fromEntries(answer.headers);
  // what was compressed has been unpacked by fetch
  const length = method === 'HEAD' ? {} : { 'content-length': `${bytes.length}` };
  response.writeHead(answer.status, { ...given, ...length }).end(method === 'HEAD' ? undefined : bytes);
}

/** Why S3 refuses a signed address (Signature Version 4 in the query); undefined if it is right. */
function signatureFault(
  { method = 'GET', headers }: IncomingMessage,
  { pathname, searchParams }: URL,
): string | undefined {
  const signed = (searchParams.get('X-Amz-SignedHeaders') ?? '').split(';');
  const date = searchParams.get('X-Amz-Date') ?? '';
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Date.now() > at + Number(searchParams.get('X-Amz-Expires')) * 1000) return 'AccessDenied';
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort();
  const request = [
    ...[method, pathname, query.join('&')],
    ...signed.map((name) => `${name}:${headers[name] ?? ''}`),
    ...['', signed.join(';'), 'UNSIGNED-PAYLOAD'],
  ].join('\n');
  const scope = (searchParams.get('X-Amz-Credential') ?? '').split('/').slice(1);
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), createHash('sha256').update(request).digest('hex')].join(
    '\n',
  );
  let key: Buffer | string = `AWS4${SECRET}`;
  for (const part of scope) key = createHmac('sha256', key).update(part).digest();
  const right = createHmac('sha256', key).update(text).digest('hex');
  return right === searchParams.get('X-Amz-Signature') ? undefined : 'SignatureDoesNotMatch';
}

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

const error = (code: string, message = code) => `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

function xml(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}
