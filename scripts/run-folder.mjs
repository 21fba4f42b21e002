import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A jest reporter: a run's temporary files, and those of every program that it starts, lie in one folder. At the end that
 * folder is removed, and the run says what tests had left in it.
 */
// biome-ignore lint/style/noDefaultExport: jest takes a reporter by its default export
export default class RunFolder {
  async onRunStart() {
    this.before = process.env.TMPDIR;
    this.folder = await mkdtemp(join(tmpdir(), 'reelmill-run-'));
    await chmod(this.folder, 0o1777); // some tests run the command as another user
    process.env.TMPDIR = this.folder; // workers are started after this, and inherit it
  }

  async onRunComplete() {
    if (!this.folder) return;
    const left = (await readdir(this.folder)).sort();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
    if (this.before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = this.before;
    if (left.length > 0)
      console.error(`${left.length} temporary files and folders were left by tests: ${listed(left)}`);
  }
}

/** @param {readonly string[]} names */
const listed = (names) => `${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}`;
