import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { type Dockerfile, DockerfileParser, type From, type Instruction } from 'dockerfile-ast';

const FILE = 'docker/encode/Dockerfile';

/** A rule of hadolint's, under its own number, that finds instructions that break it. */
const RULES: Readonly<Record<string, (file: Dockerfile) => readonly Instruction[]>> = {
  'DL3000 absolute WORKDIR': (file) => of(file, 'WORKDIR').filter((each) => !/^["/$]/.test(text(each))),
  'DL3002 last USER is not root': (file) =>
    [of(file, 'USER').at(-1)].filter((each) => each && /^(0|root)\b/.test(text(each))) as Instruction[],
  'DL3003 no cd': (file) => of(file, 'RUN').filter((each) => /(^|&&\s*)cd\s/.test(text(each))),
  'DL3004 no sudo': (file) => of(file, 'RUN').filter((each) => /\bsudo\b/.test(text(each))),
  'DL3006 a version on each FROM': (file) =>
    foreign(file).filter((each) => !each.getImageTag() && !each.getImageDigest()),
  'DL3007 never latest': (file) => foreign(file).filter((each) => each.getImageTag() === 'latest'),
  'DL3017 no apk upgrade': (file) => of(file, 'RUN').filter((each) => /apk\s+(upgrade|update)/.test(text(each))),
  'DL3019 apk add --no-cache': (file) =>
    of(file, 'RUN').filter((each) => /apk\s+add(?!\s+--no-cache)/.test(text(each))),
  'DL3020 COPY for files': (file) => of(file, 'ADD').filter((each) => !/https?:\/\//.test(text(each))),
  'DL3025 ENTRYPOINT and CMD as JSON': (file) =>
    [...of(file, 'ENTRYPOINT'), ...of(file, 'CMD')].filter((each) => !text(each).startsWith('[')),
  'DL4000 no MAINTAINER': (file) => of(file, 'MAINTAINER'),
  'DL4001 no wget or curl in RUN: ADD with a checksum': (file) =>
    of(file, 'RUN').filter((each) => /\b(wget|curl)\b/.test(text(each))),
  'base images by digest': (file) => foreign(file).filter((each) => !each.getImageDigest()),
  'what is downloaded, by its sha256': (file) =>
    of(file, 'ADD').filter((each) => !/^ADD --checksum=sha256:[0-9a-f]{64}\s/.test(each.getTextContent())),
  'nothing from a build argument that could be a secret': (file) =>
    of(file, 'ARG').filter((each) => /TOKEN|SECRET|PASSWORD|KEY/i.test(text(each))),
};

const of = (file: Dockerfile, keyword: string) =>
  file.getInstructions().filter((each) => each.getKeyword() === keyword);
const text = (instruction: Instruction) => instruction.getRawArgumentsContent() ?? '';
/** FROMs of an image that is not an earlier stage. */
const foreign = (file: Dockerfile): From[] => {
  const froms = file.getFROMs();
  const stages = froms.map((each) => each.getBuildStage());
  return froms.filter((each) => !stages.includes(each.getImage()));
};

describe('the image of the encoding task', () => {
  it.each(Object.keys(RULES))('keeps %s', async (rule) => {
    const file = DockerfileParser.parse(await readFile(FILE, 'utf8'));
    expect(RULES[rule]?.(file).map((each) => each.getTextContent())).toEqual([]);
  });

  it.each([
    ['DL3000 absolute WORKDIR', 'FROM a:1\nWORKDIR src'],
    ['DL3002 last USER is not root', 'FROM a:1\nUSER 10001\nUSER root'],
    ['DL3003 no cd', 'FROM a:1\nRUN true && cd /src'],
    ['DL3004 no sudo', 'FROM a:1\nRUN sudo true'],
    ['DL3006 a version on each FROM', 'FROM alpine'],
    ['DL3007 never latest', 'FROM alpine:latest'],
    ['DL3017 no apk upgrade', 'FROM a:1\nRUN apk upgrade'],
    ['DL3019 apk add --no-cache', 'FROM a:1\nRUN apk add nodejs'],
    ['DL3020 COPY for files', 'FROM a:1\nADD a b'],
    ['DL3025 ENTRYPOINT and CMD as JSON', 'FROM a:1\nENTRYPOINT node a'],
    ['DL4000 no MAINTAINER', 'FROM a:1\nMAINTAINER me'],
    ['DL4001 no wget or curl in RUN: ADD with a checksum', 'FROM a:1\nRUN wget http://example.org/a'],
    ['base images by digest', 'FROM alpine:3.22'],
    ['what is downloaded, by its sha256', 'FROM a:1\nADD https://example.org/a.tar.gz ./'],
    ['nothing from a build argument that could be a secret', 'FROM a:1\nARG NPM_TOKEN'],
  ])('would be caught against %s', (rule, content) => {
    expect(RULES[rule]?.(DockerfileParser.parse(content))).toHaveLength(1);
  });

  it('copies into its last stage two programs, an entry script and one file of ours, as nobody in particular', async () => {
    const file = DockerfileParser.parse(await readFile(FILE, 'utf8'));
    const last = file.getInstructions().slice(file.getInstructions().lastIndexOf(file.getFROMs().at(-1) as From));
    const copied = last
      .filter((each) => each.getKeyword() === 'COPY')
      .flatMap((each) => text(each).split(/\s+/).slice(0, -1));
    expect(copied.filter((each) => !each.startsWith('--'))).toEqual([
      ...['/out/libraries', '/out/bin/ffmpeg', '/out/bin/ffprobe', 'docker/encode/entry.sh', 'dist/tasks/encode.mjs'],
    ]);
    expect(last.some((each) => each.getKeyword() === 'USER')).toBe(true);
    expect(last.map(text).join('\n')).not.toMatch(/aws-cli|awscli|python/);
  });

  it('has an ffmpeg that calls nobody and has nothing in it that is not named', async () => {
    const script = await readFile('docker/encode/build-ffmpeg.sh', 'utf8');
    for (const option of ['--disable-autodetect', '--disable-network', '--enable-libx265', '--enable-libsnappy']) {
      expect(script).toContain(option);
    }
    expect(await readFile(FILE, 'utf8')).toContain('--enable-libvmaf');
  });

  it('starts through scripts that can be executed', async () => {
    for (const name of ['entry.sh', 'build-x265.sh', 'build-ffmpeg.sh']) {
      expect(((await stat(`docker/encode/${name}`)).mode & 0o111) !== 0).toBe(true);
    }
  });
});
