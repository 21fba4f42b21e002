import { DescribeJobDefinitionsCommand, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CLIP, drop, type Rehearsal, submitted } from './acts.ts';
import { batchJob, endEvent, environmentOf, runContainer } from './container.ts';
import type { Deployed } from './deployed.ts';
import type { Stage } from './stage.ts';
import { expectEqual, expectTrue } from './steps.ts';

const IMAGE = 'registry.invalid/reelmill/encode:release';

/** A release with another image, and the alarm's going back to the version before while a job of the release runs. */
export async function releaseTakenBack(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, program } = rehearsal;
  const before = stage.deployed;
  const first = await step('the version before sends jobs with its own image', () =>
    sentBy(rehearsal, before, 'first.mp4'),
  );
  const release = await step('a release with another image makes new versions of the functions', async () => {
    const deployed = await stage.deployAgain([`encodeImage=${IMAGE}`]);
    const [old, now] = [before, deployed].map(versionsOf);
    expectTrue(old?.onDrop !== undefined && now?.onDrop !== old.onDrop, 'on-drop is the version that it was');
    await reviseJobDefinition(stage, deployed);
    return deployed;
  });
  const during = await step('its jobs run the new image', () => sentBy(rehearsal, release, 'during.mp4'));
  expectEqual([during.image, during.image === first.image], [IMAGE, false], 'the image of the release');
  await step('taken back, jobs run the image before, and what the release had begun comes to its end', async () => {
    const back = before.atVersion('1');
    expectEqual((await sentBy(rehearsal, back, 'after.mp4')).image, first.image, 'the image');
    const submission = await batchJob(stage.batch, during.reference);
    const end = await runContainer(stage, { program, environment: environmentOf(submission) });
    await back.invoke('onJobChange', endEvent(submission, end));
    const told = (await stage.notices()).map(({ kind, source }) => [kind, source]);
    expectEqual(told, [['done', 'input/preserve/during.mp4']], 'notices');
  });
}

/** Drops a clip, lets a deploy's on-drop take it, and says with which image Batch is to run it. */
async function sentBy(rehearsal: Rehearsal, deployed: Deployed, name: string) {
  const stage = { ...rehearsal.stage, deployed };
  const key = `input/preserve/${name}`;
  await drop(stage, key, CLIP, { 'reelmill-preset': 'ultrafast' });
  const job = await submitted({ ...rehearsal, stage }, key);
  const reference = job.sent?.reference ?? '';
  const { jobDefinition } = await batchJob(stage.batch, reference);
  const { jobDefinitions = [] } = await stage.batch.send(
    new DescribeJobDefinitionsCommand({ jobDefinitions: [jobDefinition ?? ''] }),
  );
  return { reference, image: jobDefinitions[0]?.containerProperties?.image };
}

/** The logical ids of the functions' versions: CloudFormation publishes a version where there is a new id. */
const versionsOf = ({ template }: Deployed): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(template.Resources).flatMap((id) => {
      const [, name] = /^(\w+)LambdaVersion/.exec(id) ?? [];
      return name === undefined ? [] : [[`${name[0]?.toLowerCase()}${name.slice(1)}`, id]];
    }),
  );

/**
 * moto's CloudFormation leaves out that a changed job definition becomes a new revision, whose ARN is what a `Ref` in the
 * functions' environment then means.
 */
async function reviseJobDefinition(stage: Stage, { physical, template }: Deployed): Promise<void> {
  const { EncodeImage } = template.Parameters;
  const { jobDefinitions = [] } = await stage.batch.send(
    new DescribeJobDefinitionsCommand({ jobDefinitions: [physical('EncodeJob')] }),
  );
  const [{ jobDefinitionName, type, containerProperties, retryStrategy } = {}] = jobDefinitions;
  const revised = await stage.batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName,
      type: type === 'container' ? type : undefined,
      retryStrategy,
      containerProperties: { ...containerProperties, image: EncodeImage?.Default },
    }),
  );
  const FunctionName = physical('OnDropLambdaFunction');
  const { Environment } = await stage.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const [, ...larger] = (Environment?.Variables?.ENCODE_JOB_DEFINITIONS ?? '').split(' ');
  const definitions = [revised.jobDefinitionArn ?? '', ...larger].join(' ');
  const Variables = { ...Environment?.Variables, ENCODE_JOB_DEFINITIONS: definitions };
  await stage.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
}
