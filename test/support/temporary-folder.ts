import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const made: string[] = [];

/** What a program that was killed had started may write for a moment yet. */
const OPTIONS = { recursive: true, force: true, maxRetries: 10 } as const;

afterAll(() => Promise.all(made.splice(0).map((folder) => rm(folder, OPTIONS))));

/** A new empty folder, removed after the test file's last test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-test-'));
  made.push(folder);
  return folder;
}
