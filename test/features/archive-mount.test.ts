import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('reelmill archive mount', () => {
  it('does not say that a folder is mounted where rclone cannot mount it', async () => {
    const folder = await temporaryFolder();
    const script =
      '#!/bin/sh\ncase "$1" in version) echo "rclone v1.60.1";; *) echo "fusermount3: not found" >&2; exit 1;; esac\n';
    await writeFile(join(folder, 'rclone'), script, { mode: 0o755 });
    const keys = [
      'AWS_ACCESS_KEY_ID=a',
      'AWS_SECRET_ACCESS_KEY=b',
      'AWS_CONFIG_FILE=/dev/null',
      'AWS_REGION=us-east-1',
    ];
    const under = ['env', '-i', `PATH=${folder}`, 'HOME=/nowhere', ...keys];
    const ended = await startReelmill(['archive', 'mount', 's3://films/x', folder], { under }).ended;
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({
      code: 66,
      stderr: 'mounting s3://films/x\nreelmill: rclone: fusermount3: not found\n',
    });
  });
});
