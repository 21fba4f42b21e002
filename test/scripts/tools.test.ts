import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FFMPEG = 'echo "Encoder libx265 [libx265 H.265 / HEVC]:"';
const FFMPEG_WITHOUT_X265 = 'echo "Codec libx265 is not recognized by FFmpeg."';

/** The only folder on the PATH: what is not put there is not on this machine. */
let bin = '';

beforeEach(async () => {
  bin = join(await temporaryFolder(), 'bin');
  await mkdir(bin);
  for (const program of ['env', 'chmod', 'true']) await symlink(`/usr/bin/${program}`, join(bin, program));
});

describe('setting up ffmpeg', () => {
  it('says nothing when it is here', async () => {
    await program('ffmpeg', FFMPEG);
    await program('ffprobe', '');
    expect(await setUp('ffmpeg')).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  it.each([
    { manager: 'apt-get', asked: ['update', '-o DPkg::Lock::Timeout=300 install -y --no-install-recommends ffmpeg'] },
    { manager: 'apk', asked: ['add --no-cache ffmpeg'] },
    { manager: 'dnf', asked: ['install -y ffmpeg'] },
    { manager: 'brew', asked: ['install ffmpeg'] },
    {
      manager: 'winget',
      asked: ['install --exact --accept-source-agreements --accept-package-agreements --id Gyan.FFmpeg'],
    },
  ])('installs it by $manager', async ({ manager, asked }) => {
    await program('sudo', 'shift; exec "$@"'); // sudo -n <command>, for who is not root
    const installing = `${puts('ffmpeg', FFMPEG)}\n${puts('ffprobe')}`;
    await program(manager, `echo "$@" >> ${bin}/asked\ncase "$*" in *ffmpeg|*FFmpeg)\n${installing}\n;; esac`);
    expect(await setUp('ffmpeg')).toMatchObject({ code: 0, stdout: '' });
    expect((await readFile(join(bin, 'asked'), 'utf8')).trim().split('\n')).toEqual(asked);
  });

  it('says what to do where there is no package manager', async () => {
    const { code, stdout, stderr } = await setUp('ffmpeg');
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toBe(
      'reelmill: ffmpeg and ffprobe not found on the PATH: install ffmpeg (apt-get) or ffmpeg (apk) or ffmpeg (dnf) or ffmpeg (brew) or Gyan.FFmpeg (winget), then try again\n',
    );
  });

  it('shows what the package manager said when it fails', async () => {
    await program('brew', 'echo "no network" >&2; exit 3');
    const { code, stderr } = await setUp('ffmpeg');
    expect(code).toBe(69);
    expect(stderr).toContain('no network\n');
    expect(stderr).toContain('and brew exited 3: install ffmpeg');
  });

  it('does not take one without libx265', async () => {
    await program('ffmpeg', FFMPEG_WITHOUT_X265);
    await program('ffprobe', '');
    const { code, stderr } = await setUp('ffmpeg');
    expect(code).toBe(69);
    expect(stderr).toContain(`${bin}/ffmpeg was built without libx265`);
  });

  it('goes on without what is only optional', async () => {
    const script = `import { ensureReady } from '${process.cwd()}/scripts/setup.mjs';
      console.log(JSON.stringify(await ensureReady({ need: [], optional: ['vlc'] })));`;
    const { code, stdout, stderr } = await node('--input-type=module', '-e', script);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '["vlc"]\n' });
    expect(stderr).toContain('going on without vlc: cvlc not found');
  });

  it('names what it can set up when asked for something else', async () => {
    const { code, stderr } = await setUp('gimp');
    expect(code).toBe(64);
    expect(stderr).toContain('the names are: packages, ffmpeg,');
  });
});

const setUp = (...names: string[]) => node('scripts/setup.mjs', ...names);

const node = (...args: string[]) => startProgram(process.execPath, args, { env: { PATH: bin } }).ended;

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
}

/** Shell that puts another program there. */
const puts = (name: string, script = ':') =>
  `printf '%s\\n' '#!/bin/sh' '${script}' > ${bin}/${name}; chmod +x ${bin}/${name}`;
