import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { type Dockerfile, DockerfileParser, type From, type Instruction } from 'dockerfile-ast';

const IMAGES = ['encode', 'upscale', 'command'] as const;
type Image = (typeof IMAGES)[number];

const read = async (image: Image) => DockerfileParser.parse(await readFile(`docker/${image}/Dockerfile`, 'utf8'));

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
  'DL3009 apt-get leaves no lists behind': (file) =>
    of(file, 'RUN').filter(
      (each) => /apt-get\s+update/.test(text(each)) && !text(each).includes('/var/lib/apt/lists/*'),
    ),
  'DL3015 apt-get install --no-install-recommends': (file) =>
    of(file, 'RUN').filter((each) => /apt-get\s+install(?!\s+-y --no-install-recommends)/.test(text(each))),
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

describe.each(IMAGES)('the image %s', (image) => {
  it.each(Object.keys(RULES))('keeps %s', async (rule) => {
    expect(RULES[rule]?.(await read(image)).map((each) => each.getTextContent())).toEqual([]);
  });

  it('is built from nothing that its context leaves out, and gets nothing else', async () => {
    const [, , ...allowed] = (await readFile(`docker/${image}/Dockerfile.dockerignore`, 'utf8')).trim().split('\n');
    const patterns = allowed.map((line) => line.replace(/^!/, ''));
    const matches = (pattern: string, path: string) =>
      new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace('*', '[^/]*')}$`).test(path);
    const copied = sourcesOf(await read(image)).filter((path) => !path.startsWith('/'));
    expect(copied.filter((path) => !patterns.some((pattern) => matches(pattern, path)))).toEqual([]);
    expect(patterns.filter((pattern) => !copied.some((path) => matches(pattern, path)))).toEqual([]);
  });

  it('runs as nobody in particular, with no AWS CLI and no Python, through scripts that can be executed', async () => {
    const last = finalPart(await read(image));
    expect(last.some((each) => each.getKeyword() === 'USER')).toBe(true);
    expect(last.map(text).join('\n')).not.toMatch(/aws-cli|awscli|python/);
    for (const path of sourcesOf(await read(image)).filter((each) => each.endsWith('.sh'))) {
      expect([path, ((await stat(path)).mode & 0o111) !== 0]).toEqual([path, true]);
    }
  });
});

describe('what a Dockerfile must not do', () => {
  it.each([
    ['DL3000 absolute WORKDIR', 'FROM a:1\nWORKDIR src'],
    ['DL3002 last USER is not root', 'FROM a:1\nUSER 10001\nUSER root'],
    ['DL3003 no cd', 'FROM a:1\nRUN true && cd /src'],
    ['DL3004 no sudo', 'FROM a:1\nRUN sudo true'],
    ['DL3006 a version on each FROM', 'FROM alpine'],
    ['DL3007 never latest', 'FROM alpine:latest'],
    ['DL3017 no apk upgrade', 'FROM a:1\nRUN apk upgrade'],
    ['DL3019 apk add --no-cache', 'FROM a:1\nRUN apk add nodejs'],
    ['DL3009 apt-get leaves no lists behind', 'FROM a:1\nRUN apt-get update'],
    ['DL3015 apt-get install --no-install-recommends', 'FROM a:1\nRUN apt-get install -y curl'],
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
});

describe('the images', () => {
  it.each([
    { image: 'encode', of: ['docker/entry.sh', 'dist/tasks/encode.mjs'] },
    {
      image: 'upscale',
      of: [
        ...['docker/upscale/check-libraries.sh', 'models', 'docker/entry.sh'],
        ...['dist/tasks/upscale.mjs', 'dist/tasks/ort-worker.js'],
      ],
    },
  ] as const)('$image holds of ours $of, and two programs that were built for it', async ({ image, of: ours }) => {
    const copied = finalPart(await read(image)).filter((each) => each.getKeyword() === 'COPY');
    const paths = copied.flatMap((each) => pathsOf(each).slice(0, -1));
    expect(paths.filter((path) => !path.startsWith('/'))).toEqual(ours);
    expect(paths).toEqual(expect.arrayContaining(['/out/bin/ffmpeg', '/out/bin/ffprobe']));
  });

  // Alpine's ICU knows no code page without this package, so that Node.js reads no subtitles in one; others' Node.js has it inside
  it('read subtitles in code pages where their Node.js is a package of Alpine', async () => {
    for (const image of IMAGES) {
      const packages = of(await read(image), 'RUN')
        .map(text)
        .filter((command) => /apk add .*\bnodejs\b/.test(command));
      for (const command of packages) expect(command).toMatch(/\bicu-data-full\b/);
    }
    const workflow = await readFile('.github/workflows/image.yml', 'utf8');
    expect(workflow).toContain('new TextDecoder(');
  });

  it('command holds of ours the npm package, with what it would fetch at first need', async () => {
    const file = await read('command');
    expect(sourcesOf(file)).toEqual(['dist/package/reelmill-*.tgz']);
    expect(of(file, 'RUN').map(text).join('\n')).toContain('reelmill fetch onnxruntime-node');
  });

  it('are built from the same sources by the same scripts', async () => {
    const sources = async (image: Image) =>
      of(await read(image), 'ADD').map((each) => text(each).split(/\s+/).slice(0, 2).join(' '));
    expect(await sources('upscale')).toEqual(expect.arrayContaining(await sources('encode')));
    const scripts = async (image: Image) => sourcesOf(await read(image)).filter((path) => path.includes('build-'));
    expect(await scripts('upscale')).toEqual(await scripts('encode'));
  });

  it('have an ffmpeg that calls nobody and has nothing in it that is not named', async () => {
    const script = await readFile('docker/build-ffmpeg.sh', 'utf8');
    for (const option of ['--disable-autodetect', '--disable-network', '--enable-libx265', '--enable-libsnappy']) {
      expect(script).toContain(option);
    }
    // alpha of WebM, names of broadcasters and packets of Matroska in bzip2: without these nothing of ffmpeg reads them
    for (const option of ['--enable-libvpx', '--enable-iconv', '--enable-bzlib']) expect(script).toContain(option);
    const built = async (image: Image) =>
      of(await read(image), 'RUN')
        .map(text)
        .find((command) => command.includes('build-ffmpeg.sh'));
    expect(await built('encode')).toContain('--enable-libvmaf');
    expect(await built('upscale')).toMatch(/--enable-libvmaf --enable-ffnvcodec --enable-nvenc/);
  });
});

/** What ends up in the image: the last stage, and those of its own that it stands on, outermost last. */
function finalPart(file: Dockerfile): Instruction[] {
  const froms = file.getFROMs();
  const chain: From[] = [];
  for (let from = froms.at(-1); from; from = froms.find((each) => each.getBuildStage() === chain[0]?.getImage())) {
    chain.unshift(from);
  }
  const all = file.getInstructions();
  return chain.flatMap((from) => {
    const rest = all.slice(all.indexOf(from) + 1);
    const end = rest.findIndex((each) => each.getKeyword() === 'FROM');
    return end < 0 ? rest : rest.slice(0, end);
  });
}

const pathsOf = (copy: Instruction) =>
  text(copy)
    .split(/\s+/)
    .filter((part) => !part.startsWith('--'));

/** What COPY takes from the repository, each once, in order. */
const sourcesOf = (file: Dockerfile): string[] => [
  ...new Set(
    of(file, 'COPY')
      .filter((each) => !text(each).startsWith('--from'))
      .flatMap((each) => pathsOf(each).slice(0, -1)),
  ),
];
