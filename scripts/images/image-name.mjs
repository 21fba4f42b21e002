/**
 * @typedef {object} ImageName
 * @property {string} text  as it was given
 * @property {string} registry  `docker.io` is Docker Hub
 * @property {string} repository
 * @property {string | undefined} tag
 * @property {string | undefined} digest
 * @property {{ readonly account: string, readonly region: string } | undefined} ecr  where the registry is ECR, whose
 */

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/**
 * The parts of REGISTRY/NAME:TAG@DIGEST, as stages/index.cjs lets it pass.
 * @param {string} text
 * @returns {ImageName}
 */
export function parseImageName(text) {
  const [name = '', digest] = text.split('@');
  const slash = name.indexOf('/');
  const registry = name.slice(0, slash);
  const [repository = '', tag] = name.slice(slash + 1).split(':');
  const [, account, region] = ECR.exec(registry) ?? [];
  return { text, registry, repository, tag, digest, ecr: account && region ? { account, region } : undefined };
}

/**
 * The same image for ever, whatever its tag comes to mean. Without the tag: ECS documents a name with tag or with digest,
 * and says nothing of both.
 * @param {ImageName} name
 * @param {string} digest
 */
export const pinned = ({ registry, repository }, digest) => `${registry}/${repository}@${digest}`;
