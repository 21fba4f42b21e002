import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bucketOptions } from '../../../adapters/aws/client-options.ts';
import { s3Headers } from '../../../adapters/aws/s3-headers.ts';
import { optionsFor } from '../../support/aws-servers.ts';

// Answers as the API reference of HeadObject, GetObject and RestoreObject has them: no S3 server here archives anything.
describe('s3Headers, of objects in archive classes', () => {
  let server: Server;
  let client: S3Client;
  let head: Record<string, string>;
  let restoreStatus: number;
  const restores: string[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { method, url = '' } = request;
      if (method === 'HEAD') response.writeHead(200, { 'content-length': '4000', ...head }).end();
      else if (method === 'GET')
        response
          .writeHead(403, { 'content-type': 'application/xml' })
          .end('<Error><Code>InvalidObjectState</Code><Message>The operation is not valid.</Message></Error>');
      else {
        restores.push(`${url} ${await text(request)}`);
        const body = '<Error><Code>RestoreAlreadyInProgress</Code><Message>In progress.</Message></Error>';
        response.writeHead(restoreStatus, { 'content-type': 'application/xml' }).end(restoreStatus === 409 ? body : '');
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    client = new S3Client(bucketOptions(optionsFor({ endpoint: `http://127.0.0.1:${port}` })));
  });
  afterAll(() => {
    client.destroy();
    server.close();
  });
  beforeEach(() => {
    restores.length = 0;
    restoreStatus = 202;
  });

  it.each([
    ['one in Standard', {}, undefined],
    ['one in Glacier Instant Retrieval', { 'x-amz-storage-class': 'GLACIER_IR' }, undefined],
    ['one in Intelligent-Tiering', { 'x-amz-storage-class': 'INTELLIGENT_TIERING' }, undefined],
    ['one in Glacier', { 'x-amz-storage-class': 'GLACIER' }, { className: 'glacier', isRestoring: false }],
    [
      'one on its way',
      { 'x-amz-storage-class': 'DEEP_ARCHIVE', 'x-amz-restore': 'ongoing-request="true"' },
      { className: 'deep-archive', isRestoring: true },
    ],
    [
      'one with a copy that can be read',
      {
        'x-amz-storage-class': 'GLACIER',
        'x-amz-restore': 'ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"',
      },
      undefined,
    ],
    [
      'one in an archive tier',
      { 'x-amz-storage-class': 'INTELLIGENT_TIERING', 'x-amz-archive-status': 'DEEP_ARCHIVE_ACCESS' },
      { className: 'it-deep-archive', isRestoring: false },
    ],
  ])('tells of %s', async (_, headers, expected) => {
    head = headers;
    expect(await s3Headers(client, 'films').archived('input/a.mp4')).toEqual(expected && { bytes: 4000, ...expected });
  });

  const source = { bytes: 4000, isRestoring: false };
  it('asks for a copy for seven days from Glacier, and for the object itself from Intelligent-Tiering', async () => {
    const headers = s3Headers(client, 'films');
    await headers.restore('input/a.mp4', { ...source, className: 'glacier' }, 'bulk');
    await headers.restore('input/a.mp4', { ...source, className: 'it-archive' }, 'standard');
    expect(restores[0]).toMatch(/\/films\/input\/a\.mp4\?restore.*<Days>7<\/Days>.*<Tier>Bulk<\/Tier>/s);
    expect(restores[1]).toMatch(/<Tier>Standard<\/Tier>/);
    expect(restores[1]).not.toContain('<Days>');
  });

  it('is content where it was asked for before', async () => {
    restoreStatus = 409;
    await s3Headers(client, 'films').restore('input/a.mp4', { ...source, className: 'glacier' }, 'bulk');
    expect(restores).toHaveLength(1);
  });

  it('knows the size alone of what cannot be read', async () => {
    head = { 'x-amz-storage-class': 'GLACIER' };
    expect(await s3Headers(client, 'films').measure('input/a.mp4')).toEqual({
      bytes: 4000,
      pixels: undefined,
      durationSeconds: undefined,
    });
  });
});
