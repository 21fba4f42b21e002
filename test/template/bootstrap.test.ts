import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { bootstrapTemplate, type Statement } from '../support/deployer-policy.ts';

const text = () => readFile('resources/bootstrap.yml', 'utf8');

describe('the stack that builds images', () => {
  it.each(['Encode', 'Upscale'])(
    'keeps images of %s that cannot change, scanned, for as long as they may be in use',
    async (id) => {
      const { Properties, ...rest } = (await bootstrapTemplate())[id] ?? {};
      expect(rest).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      expect(Properties).toMatchObject({
        ImageTagMutability: 'IMMUTABLE',
        ImageScanningConfiguration: { ScanOnPush: true },
      });
      const { LifecyclePolicyText = '{}' } = (Properties?.LifecyclePolicy ?? {}) as { LifecyclePolicyText?: string };
      const { rules } = JSON.parse(LifecyclePolicyText) as { rules: { selection: object; action: object }[] };
      const files = (await readdir('stages')).filter((name) => name.endsWith('.yml') && name !== 'local.yml');
      const stages = files.map((name) => name.replace('.yml', ''));
      expect(stages).toContain('prod');
      const [untagged, ...others] = rules.map(({ selection }) => selection);
      const any = others.pop();
      expect(untagged).toEqual({
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 30,
      });
      expect(any).toEqual({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 50 });
      const ofStage = (stage: string) => ({
        ...{ tagStatus: 'tagged', tagPatternList: [`${stage}-*`] },
        ...{ countType: 'imageCountMoreThan', countNumber: 20 },
      });
      expect(others).toHaveLength(stages.length);
      expect(others).toEqual(expect.arrayContaining(stages.map(ofStage)));
    },
  );

  it('has a project for privileged builds of a zip, which logs to a group that expires', async () => {
    const resources = await bootstrapTemplate();
    expect(resources.Project?.Properties).toMatchObject({
      Environment: { Type: 'LINUX_CONTAINER', PrivilegedMode: true },
      Source: { Type: 'S3', BuildSpec: 'docker/buildspec.yml' },
      Artifacts: { Type: 'NO_ARTIFACTS' },
    });
    expect(resources.Log?.Properties).toMatchObject({ LogGroupName: '/reelmill/images', RetentionInDays: 14 });
  });

  it('lets a build read its source, write its log, log in and push to two repositories, and nothing else', async () => {
    const policies = ((await bootstrapTemplate()).BuildRole?.Properties.Policies ?? []) as {
      readonly PolicyDocument: { readonly Statement: readonly Statement[] };
    }[];
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'ecr-public:GetAuthorizationToken',
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:GetAuthorizationToken',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetBucketAcl',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:GetObjectVersion',
      'sts:GetServiceBearerToken',
    ]);
    // What IAM can bind to nothing finer: the tokens of the registries.
    const anywhere = statements.filter(({ Resource }) => `${Resource}` === '*').flatMap(({ Action }) => Action);
    expect(anywhere.every((action) => /:Get(AuthorizationToken|ServiceBearerToken)$/.test(action))).toBe(true);
  });

  it('is written without what CloudFormation does not read of YAML: aliases and merges', async () => {
    expect((await text()).match(/^[^#]*(?:[:\s]&\w|[:\s]\*\w|<<:)/gm) ?? []).toEqual([]);
    expect((await text()).length).toBeLessThan(51_200); // what CreateStack takes as text
  });
});

describe('the recipe of a build', () => {
  it('fits the version and the phases that CodeBuild knows, and ends with the first failure', async () => {
    const spec = load(await readFile('docker/buildspec.yml', 'utf8')) as Record<string, unknown>;
    expect(spec).toMatchObject({
      version: 0.2,
      env: { shell: 'bash' },
      phases: { pre_build: { 'on-failure': 'ABORT' }, build: { 'on-failure': 'ABORT' } },
    });
  });

  it.each(['encode', 'upscale'])('needs nothing of Docker Hub for %s, which limits pulls by address', async (image) => {
    const dockerfile = await readFile(`docker/${image}/Dockerfile`, 'utf8');
    const stages = [...dockerfile.matchAll(/ AS (\w+)$/gm)].map(([, name]) => name);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, name = '']) => name);
    const foreign = bases.filter((name) => !stages.includes(name));
    expect(foreign.filter((name) => !/^(public\.ecr\.aws\/docker\/library|nvcr\.io\/nvidia)\//.test(name))).toEqual([]);
    expect(dockerfile).not.toContain('# syntax='); // a frontend is an image of Docker Hub's, which the gallery has not
  });
});
