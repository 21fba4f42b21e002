import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { BatchGetImageCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clientOptions } from '../../adapters/aws/client-options.ts';
import { capture } from '../../scripts/child.mjs';
import { recordImage } from '../../scripts/images/record.mjs';
import { type AwsServer, motoServer, optionsFor } from '../support/aws-servers.ts';
import { checkoutCopy } from '../support/checkout-copy.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { KEYS, stageScript } from '../support/stage-script.ts';

const ECR = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const NODE = dirname(process.execPath);

describe('npm run image', () => {
  it.each([
    { args: [], says: 'say for which stage, or what to call the image' },
    { args: ['--stage', 'prd'], says: 'no stage "prd"; there are: dev, prod, test' },
    { args: ['--stage', 'local'], says: 'stage local is not for this; there are: dev, test, prod' },
    { args: ['--stage', 'dev', '--tag', 'docker.io/me/encode:1'], says: 'leave --tag, --platform and --push out' },
    { args: ['--tag', 'docker.io/me/x:1', '--image', 'decode'], says: 'there is no image "decode"' },
    {
      args: ['--tag', 'docker.io/me/x:1', '--image', 'upscale', '--platform', 'linux/arm64'],
      says: 'upscale is built for linux/amd64',
    },
  ])('refuses $args in one sentence', async ({ args, says }) => {
    const { code, stderr } = await stageScript('image', args, {});
    expect([code, stderr]).toEqual([64, expect.stringMatching(/^reelmill: [^\n]*\n$/)]);
    expect(stderr).toContain(says);
  });

  it('says what to install where there is no Docker', async () => {
    const { code, stderr } = await stageScript('image', ['--stage', 'dev'], { PATH: NODE });
    expect([code, stderr]).toEqual([
      69,
      'reelmill: Docker with buildx is not here: install Docker with its buildx plugin (https://docs.docker.com/engine/install/), then try again\n',
    ]);
  });

  it('writes a name into its line of the settings, and leaves all other lines as they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reelmill-record-'));
    const file = join(folder, 'dev.yml');
    await writeFile(file, '# why\nregion: eu-west-1\nencodeImage: ""\nupscaleImage: ""\n');
    await recordImage(file, 'encodeImage', 'a/b@sha256:0');
    expect(await readFile(file, 'utf8')).toBe(
      '# why\nregion: eu-west-1\nencodeImage: a/b@sha256:0\nupscaleImage: ""\n',
    );
    await rm(folder, { recursive: true });
  });
});

await describeOnMoto('npm run image', () => {
  let server: AwsServer;
  let ecr: ECRClient;
  let folder: string;
  let checkout: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await motoServer();
    ecr = new ECRClient(clientOptions(optionsFor(server)));
    folder = await mkdtemp(join(tmpdir(), 'reelmill-image-test-'));
    await mkdir(join(folder, 'bin'));
    await symlink(resolve('test/support/stand-in-docker.mjs'), join(folder, 'bin', 'docker'));
    checkout = await checkoutCopy(join(folder, 'checkout'));
    env = {
      ...KEYS,
      PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter),
      HOME: folder,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      STAND_IN_CALLS: join(folder, 'calls'),
      STAND_IN_REGION: 'us-east-1',
    };
  });
  beforeEach(() => writeFile(join(folder, 'calls'), ''));
  afterAll(async () => {
    ecr.destroy();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const image = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    capture(process.execPath, [join(checkout, 'scripts', 'image.mjs'), ...args], { env: { ...env, ...more } });
  const calls = async () =>
    (await readFile(join(folder, 'calls'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { args: string[]; stdin?: string });
  const settings = (stage: string) => readFile(join(checkout, 'stages', `${stage}.yml`), 'utf8');

  it("makes the account's repository, logs in, builds for the stage's platform, pushes, and writes the digest down", async () => {
    const run = await image(['--stage', 'dev']);
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('npm run deploy -- --stage dev uses it')]);

    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
    expect(
      repositories.map((each) => [
        each.repositoryName,
        each.imageScanningConfiguration?.scanOnPush,
        each.imageTagMutability,
      ]),
    ).toEqual([['reelmill/encode', true, 'IMMUTABLE']]);
    const [login, build] = (await calls()).filter(({ args }) => args[0] === 'login' || args.includes('build'));
    expect(login).toEqual({
      args: ['login', '--username', 'AWS', '--password-stdin', ECR],
      stdin: '123456789012-auth-token',
    });
    expect(build?.args).toEqual([
      ...[
        'buildx',
        'build',
        '--file',
        'docker/encode/Dockerfile',
        '--tag',
        expect.stringMatching(new RegExp(`^${ECR}/reelmill/encode:[0-9a-f]{32}$`)),
      ],
      ...['--platform', 'linux/amd64', '--push', '.'],
    ]);

    const [, digest = ''] = /^encodeImage: (?:.+)@(sha256:[0-9a-f]{64})$/m.exec(await settings('dev')) ?? [];
    const asked = { repositoryName: 'reelmill/encode', imageIds: [{ imageDigest: digest }] };
    expect((await ecr.send(new BatchGetImageCommand(asked))).images).toHaveLength(1);
    expect(await settings('dev')).toContain(`encodeImage: ${ECR}/reelmill/encode@${digest}\nupscaleImage: ""\n`);
  });

  it('builds nothing again while what goes in is the same, and writes the same digest down', async () => {
    const before = await settings('dev');
    const run = await image(['--stage', 'dev']);
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('nothing that goes into it has changed')]);
    expect((await calls()).filter(({ args }) => args.includes('build'))).toEqual([]);
    expect(await settings('dev')).toBe(before);
  });

  it('builds the GPU task for the processor that GPUs stand beside, whatever the stage has', async () => {
    const arm = (await settings('test')).replace('X86_64', 'ARM64');
    await writeFile(join(checkout, 'stages', 'test.yml'), arm);
    expect((await image(['--stage', 'test'])).code).toBe(0);
    expect((await image(['--stage', 'test', '--image', 'upscale', '--target', 'cuda'])).code).toBe(0);
    const builds = (await calls())
      .filter(({ args }) => args.includes('build'))
      .map(({ args }) => [args[3], args[args.indexOf('--platform') + 1], args.includes('cuda')]);
    expect(builds).toEqual([
      ['docker/encode/Dockerfile', 'linux/arm64', false],
      ['docker/upscale/Dockerfile', 'linux/amd64', true],
    ]);
    expect(await settings('test')).toMatch(/^upscaleImage: .+\/reelmill\/upscale@sha256:/m);
  });

  it.each([
    { fails: 'login', code: 69, says: `docker login ${ECR} ended with 17` },
    { fails: 'buildx build', code: 17, says: 'the stand-in was told to fail here' },
    { fails: 'version', code: 69, says: 'Docker does not run here: start it' },
    { fails: 'buildx version', code: 69, says: 'Docker with buildx is not here' },
  ])('leaves the settings as they are where docker $fails fails', async ({ fails, code, says }) => {
    const before = await settings('prod');
    // a target that nobody has built yet: what is there already is not built again
    const run = await image(['--stage', 'prod', '--target', 'build'], { STAND_IN_FAILS: fails });
    expect([run.code, run.stderr]).toEqual([code, expect.stringContaining(says)]);
    expect(await settings('prod')).toBe(before);
  });

  it('writes nothing down that turns out to be built for something else', async () => {
    const before = await settings('prod');
    const run = await image(['--stage', 'prod', '--target', 'base'], { STAND_IN_PLATFORM: 'linux/arm64' });
    expect([run.code, run.stderr]).toEqual([
      64,
      expect.stringContaining('is built for linux/arm64, and its tasks run on linux/amd64'),
    ]);
    expect(await settings('prod')).toBe(before);
  });

  it('asks for credentials before it builds', async () => {
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const run = await image(['--stage', 'dev'], none);
    expect([run.code, run.stderr]).toEqual([69, expect.stringContaining('there are no credentials of an AWS account')]);
    expect((await calls()).filter(({ args }) => args.includes('build'))).toEqual([]);
  });
});
