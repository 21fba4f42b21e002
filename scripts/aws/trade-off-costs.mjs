import { createRequire } from 'node:module';

/** @typedef {{ readonly usd: number, readonly per: string }} Price */

/** @type {(name: string, region?: string) => number | undefined} */
const find = (name, region = 'us-east-1') =>
  createRequire(import.meta.url)('../../resources/prices.json').items[name].regions[region]?.usd;
const price = (/** @type {string} */ name) => find(name) ?? Number.NaN;
const usd = (/** @type {number} */ value, digits = 2) => `$${value.toFixed(digits)}`;

const HOURS = 730;

/** The film of these tables, as `storage job --recipe preserve --size 1920x1080 --fps 25 --minutes 90` has it, and a container. */
export const FILM = {
  minutes: 90,
  fps: 25,
  megapixels: 2.0736,
  sourceGb: 11.25,
  resultGb: 2.65,
  containers: 32,
  pieces: 90,
};
export const CONTAINER = { vcpu: 4, gib: 8, diskGb: 80 };
/** A reclaimed container costs its start again, and on average half a segment of 35 seconds of film. */
export const RECLAIM = { startSeconds: 60, filmSeconds: 17.5 };

/** @param {number} megapixels  that x265 encodes in a second on one vCPU */
const encodingHours = (megapixels) =>
  (FILM.minutes * 60 * FILM.fps * FILM.megapixels) / (megapixels * CONTAINER.vcpu) / 3600;

/**
 * Fargate's markets and processors: dollars an hour and for the film, and how often an hour Spot may be taken away before
 * it costs as much as on demand.
 * @param {number} megapixels
 * @returns {readonly (readonly string[])[]}
 */
export function fargateRows(megapixels) {
  const { vcpu, gib, diskGb } = CONTAINER;
  const besides = diskGb * price('fargateDiskGbHour') + price('publicAddressHour');
  const hour = (/** @type {string} */ kind) =>
    vcpu * price(`fargate${kind}VcpuHour`) + gib * price(`fargate${kind}GibHour`) + besides;
  const film = encodingHours(megapixels);
  const lost = (RECLAIM.startSeconds + (RECLAIM.filmSeconds * FILM.fps * FILM.megapixels) / (megapixels * vcpu)) / 3600;
  const breaks = (/** @type {string} */ arch) => ((hour(arch) / hour(`Spot${arch}`) - 1) / lost).toFixed(0);
  return [
    ['x86_64, on demand', usd(hour('X86'), 3), usd(hour('X86') * film), '-'],
    ['x86_64, Spot', usd(hour('SpotX86'), 3), usd(hour('SpotX86') * film), breaks('X86')],
    ['arm64, on demand', usd(hour('Arm'), 3), usd(hour('Arm') * film), '-'],
    ['arm64, Spot', usd(hour('SpotArm'), 3), usd(hour('SpotArm') * film), breaks('Arm')],
  ];
}

/** @type {readonly string[]} */
const CARDS = ['g4dn.xlarge', 'g4dn.2xlarge', 'g5.xlarge', 'g5.2xlarge', 'g6.xlarge', 'g6.2xlarge'];

/** Instances with a graphics card in both regions: on demand, and what Spot cost on one day. */
export function cardRows() {
  const shown = (/** @type {string} */ name, /** @type {string} */ region) => {
    const value = find(name, region);
    return value === undefined ? 'not offered' : usd(value, 3);
  };
  return CARDS.map((name) => [
    name,
    shown(name, 'us-east-1'),
    shown(`${name} spot`, 'us-east-1'),
    shown(name, 'eu-west-1'),
    shown(`${name} spot`, 'eu-west-1'),
  ]);
}

/** How many films a month share the place for their work files, and how long these stay (`workDays`). */
export const SHARED = { films: 100, workDays: 15, smallestLustreGb: 1200 };

/** Where the work files of a month's films lie: dollars to keep them, to move them, and in all. */
export function placeRows() {
  const { films, workDays, smallestLustreGb } = SHARED;
  const { sourceGb, resultGb, containers, pieces } = FILM;
  const months = workDays / 30;
  const keptGb = films * (sourceGb + resultGb) * months;
  const written = films * (sourceGb + 2 * resultGb);
  const read = films * (containers * sourceGb + resultGb);
  const s3 = {
    keep: keptGb * price('s3GbMonth'),
    move: films * (2 * pieces * price('s3Put') + (pieces + containers) * price('s3Get')),
  };
  const efs = { keep: keptGb * price('efsGbMonth'), move: read * price('efsReadGb') + written * price('efsWriteGb') };
  const lustre = { keep: Math.max(smallestLustreGb, keptGb) * price('fsxLustreScratchGbMonth'), move: 0 };
  /** @type {readonly (readonly [string, { keep: number, move: number }])[]} */
  const places = [
    ['S3 (what the stack does)', s3],
    ['EFS, elastic throughput', efs],
    ['FSx for Lustre, scratch', lustre],
  ];
  return places.map(([name, { keep, move }]) => [name, usd(keep), usd(move), usd(keep + move)]);
}

/** The least that own coordination needs: a small container that is always on, or a function each minute. */
export const COORDINATOR = { vcpu: 0.25, gib: 0.5, pollSeconds: 5, lambdaGb: 0.25, lambdaSeconds: 2 };

/** Who starts containers: dollars a month without a job, and with 1,000 and 100,000 of them. */
export function coordinationRows() {
  const { vcpu, gib, pollSeconds, lambdaGb, lambdaSeconds } = COORDINATOR;
  const polls = (HOURS * 3600) / pollSeconds;
  const hour = vcpu * price('fargateArmVcpuHour') + gib * price('fargateArmGibHour') + price('publicAddressHour');
  const container = HOURS * hour + polls * price('dynamoRead');
  const minutes = HOURS * 60;
  const lambda =
    minutes * (price('lambdaRequest') + lambdaGb * lambdaSeconds * price('lambdaGbSecondArm') + price('dynamoRead'));
  const aJob = 4 * price('dynamoWrite') + 4 * price('dynamoRead');
  const row = (/** @type {string} */ name, /** @type {number} */ idle, /** @type {number} */ each) => [
    name,
    usd(idle),
    usd(idle + 1000 * each),
    usd(idle + 100_000 * each),
  ];
  return [
    row('Batch (what the stack does)', 0, 0),
    row('a container that is always on', container, aJob),
    row('a function each minute', lambda, aJob),
  ];
}

/** A long job's workflow, and what a function a step would need in its place. */
export const WORKFLOW = { transitions: 10, steps: 4, queueRequests: 3, tableWrites: 2 };

/** Who leads a job through its steps: dollars for one job, and for 1,000 and 100,000 a month. */
export function orchestrationRows() {
  const { transitions, steps, queueRequests, tableWrites } = WORKFLOW;
  const { lambdaGb, lambdaSeconds } = COORDINATOR;
  const standard = transitions * price('stateTransition');
  const step =
    price('lambdaRequest') +
    lambdaGb * lambdaSeconds * price('lambdaGbSecondArm') +
    queueRequests * price('sqsRequest') +
    tableWrites * price('dynamoWrite');
  const row = (/** @type {string} */ name, /** @type {number} */ each) => [
    name,
    usd(each, 6),
    usd(1000 * each),
    usd(100_000 * each),
  ];
  return [
    row('Step Functions, standard (what the stack does)', standard),
    row('own functions, queues and table', steps * step),
  ];
}
