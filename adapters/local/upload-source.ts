import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ServiceError, usage } from '../../core/errors.ts';
import type { UploadSource } from '../../core/ports/upload-source.ts';
import { readFailure } from '../../core/system-failure.ts';

/** A line over which nothing moves for so long is taken for broken. */
const SILENT_MS = 60_000;
const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a file to send it in parts. No part is ever in memory as a whole. Throws `no-input` if there is none, and `usage` for a
 * folder.
 */
export async function openUploadSource(path: string): Promise<UploadSource> {
  const file = await open(path).catch((error: unknown) => {
    throw readFailure(error, path);
  });
  try {
    const facts = await file.stat();
    if (facts.isDirectory()) throw usage(`${JSON.stringify(path)} is a folder; name the files in it`);
    if (!facts.isFile()) throw usage(`${JSON.stringify(path)} is no file; name one`);
    return uploadSource(file, path, { bytes: facts.size, mtimeMs: facts.mtimeMs });
  } catch (error) {
    await file.close();
    throw error;
  }
}

function uploadSource(
  file: FileHandle,
  path: string,
  { bytes, mtimeMs }: { bytes: number; mtimeMs: number },
): UploadSource {
  // not by streams: each would stay a listener of the file for as long as that is open
  async function* read(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0)
        throw new ServiceError('busy', `${JSON.stringify(path)} became shorter while it was read; upload it again`);
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }
  return {
    bytes,
    modifiedMs: Math.max(0, Math.floor(mtimeMs)),
    async isUnchanged() {
      const now = await file.stat();
      return now.size === bytes && now.mtimeMs === mtimeMs;
    },
    async checksum({ start, end }) {
      const hash = createHash('sha256');
      for await (const chunk of read(start, end)) hash.update(chunk);
      return hash.digest('base64');
    },
    async put({ url, headers }, { start, end }, onSent, signal) {
      const request = (url.startsWith('https:') ? secure : plain)(url, {
        method: 'PUT',
        headers: { ...headers, 'content-length': end - start },
        timeout: SILENT_MS,
        signal,
      });
      request.on('timeout', () => request.destroy(new Error('nothing moved for a minute')));
      const answer = new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
        request.on('error', reject);
        request.on('response', (response) => {
          const text = buffer(response).then((given) => given.toString('utf8'));
          text.then((said) => resolve({ status: response.statusCode ?? 0, text: said }), reject);
        });
      });
      const counted = async function* (chunks: AsyncIterable<Buffer>) {
        let sent = 0;
        for await (const chunk of chunks) {
          yield chunk;
          sent += chunk.length;
          onSent(sent);
        }
      };
      try {
        // an answer may come before the end of what is sent: a refusal
        const sending = pipeline(read(start, end), counted, request);
        sending.catch(() => {});
        const { status, text } = await answer;
        return {
          status,
          code: saidIn('Code', text),
          reason: saidIn('Message', text) || `the server answered ${status}`,
        };
      } catch (error) {
        signal.throwIfAborted();
        return { status: 0, code: '', reason: error instanceof Error ? error.message : 'the line broke' };
      }
    },
    close: () => file.close(),
  };
}

const saidIn = (name: string, xml: string): string => new RegExp(`<${name}>([^<]*)<`).exec(xml)?.[1] ?? '';
