import { hasGpu, hasLarge } from './instance-types.mjs';

/** Whether a stage starts instances of EC2. */
const hasMachines = (/** @type {Record<string, any>} */ settings) => hasGpu(settings) || hasLarge(settings);

/**
 * Roles that AWS's services give themselves, once in an account. The first use of a service makes its role, and goes on
 * before it can be used: a new account's first stack fails over that. So they are made before.
 */
const SERVICES = [
  { service: 'batch.amazonaws.com', role: 'AWSServiceRoleForBatch', when: () => true },
  { service: 'ecs.amazonaws.com', role: 'AWSServiceRoleForECS', when: () => true },
  { service: 'spot.amazonaws.com', role: 'AWSServiceRoleForEC2Spot', when: hasMachines },
  { service: 'autoscaling.amazonaws.com', role: 'AWSServiceRoleForAutoScaling', when: hasMachines },
  {
    service: 'sagemaker.application-autoscaling.amazonaws.com',
    role: 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
    when: (/** @type {Record<string, unknown>} */ { upscaleOn }) => upscaleOn === 'sagemaker',
  },
];

/**
 * Makes those that a stage needs and the account has not. Gives their names.
 * @param {Record<string, any>} settings  of the stage
 * @returns {Promise<string[]>}
 */
export async function ensureServiceRoles(settings) {
  const { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient, NoSuchEntityException } = await import(
    '@aws-sdk/client-iam'
  );
  const iam = new IAMClient({ region: settings.region });
  const made = [];
  for (const { service, role } of SERVICES.filter(({ when }) => when(settings))) {
    try {
      await iam.send(new GetRoleCommand({ RoleName: role }));
      continue;
    } catch (error) {
      if (!(error instanceof NoSuchEntityException)) throw error;
    }
    try {
      await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
      made.push(role);
    } catch (error) {
      if (!isThere(error)) throw error;
    }
  }
  return made;
}

/**
 * What IAM says where somebody has made the role in the meantime: by its documentation the first, of other roles the second.
 * @param {unknown} error
 */
const isThere = (error) =>
  error instanceof Error && ['InvalidInputException', 'EntityAlreadyExistsException'].includes(error.name);
