import { createRequire } from 'node:module';

/** @typedef {'t4' | 'a10g' | 'l4'} Card */
/** @typedef {{ readonly name: string, readonly card: Card, readonly vcpu: number }} Machine */
/** @typedef {{ readonly name: string, readonly kiloflop: number, readonly resultPixels: number }} Network  of work for a pixel of its result */

/** Those that the GPU queue may start (resources/batch-gpu.yml). */
export const MACHINES = /** @type {readonly Machine[]} */ ([
  { name: 'g4dn.xlarge', card: 't4', vcpu: 4 },
  { name: 'g4dn.2xlarge', card: 't4', vcpu: 8 },
  { name: 'g5.xlarge', card: 'a10g', vcpu: 4 },
  { name: 'g5.2xlarge', card: 'a10g', vcpu: 8 },
  { name: 'g6.xlarge', card: 'l4', vcpu: 4 },
  { name: 'g6.2xlarge', card: 'l4', vcpu: 8 },
]);

/** What a film of 540p becomes, at 25 frames a second. */
const FULL_HD = 1920 * 1080;
const UHD = 3840 * 2160;
const FRAMES_A_MINUTE = 25 * 60;

export const NETWORKS = /** @type {readonly Network[]} */ ([
  { name: 'websr-l-rl', kiloflop: 5, resultPixels: FULL_HD },
  { name: 'realesr-animevideov3', kiloflop: 77, resultPixels: UHD },
  { name: 'x4plus', kiloflop: 2241, resultPixels: UHD },
]);

/** NVIDIA's data sheets: teraflops in fp16, dense. */
const PEAK = { t4: 65, a10g: 70, l4: 121 };
/** What networks of this kind are taken to reach of it. No card of these has been measured here. */
const REACHED = 0.4;

/** Of the queue's root volume, and what a month has of hours. */
const VOLUME_GB = 200;
const HOURS = 730;

/** The most that the queue pays for Spot (`BidPercentage`). What it costs at the time is lower, and not for a file to say. */
export const SPOT_CEILING = 0.8;

/** Assumed; measure them on your account. Batch keeps a machine for some minutes after its last job, the endpoint 15. */
export const MINUTES = { start: 4, batchKeeps: 5, endpointKeeps: 15 };

const priceOf = (/** @type {string} */ name) => {
  const { items } = createRequire(import.meta.url)('../../resources/prices.json');
  return items[name].regions['us-east-1'].usd;
};

/**
 * Dollars an hour. An instance of EC2 has a volume and an address besides; SageMaker's has its own disk in its price.
 * @param {Machine} machine
 */
export function hourly({ name }) {
  const besides = priceOf('publicAddressHour') + (VOLUME_GB * priceOf('gp3GbMonth')) / HOURS;
  return {
    onDemand: priceOf(name) + besides,
    spot: SPOT_CEILING * priceOf(name) + besides,
    endpoint: priceOf(`ml.${name}`),
  };
}

/**
 * Frames a second: the slower of the network and of the encoder behind it, of so many megapixels a second and vCPU.
 * @param {Machine} machine
 * @param {Network} network
 * @param {number} encoder
 */
export function speedOf({ card, vcpu }, { kiloflop, resultPixels }, encoder) {
  const network = (PEAK[card] * 1e12 * REACHED) / (kiloflop * 1e3 * resultPixels);
  const encoding = (encoder * 1e6 * vcpu) / resultPixels;
  return { fps: Math.min(network, encoding), slower: network < encoding ? 'network' : 'encoder' };
}

/**
 * Dollars for a minute of the film.
 * @param {number} usdAnHour
 * @param {number} fps
 */
export const perMinute = (usdAnHour, fps) => (usdAnHour * FRAMES_A_MINUTE) / fps / 3600;

/**
 * Minutes of film from which on a card is the cheaper way to a result, for who pays a processor so much a minute: before,
 * its start and the time it is kept cost more than is saved.
 * @param {Machine} machine
 * @param {number} fps
 * @param {number} processorPerMinute
 */
export function cardPaysFrom(machine, fps, processorPerMinute) {
  const { spot } = hourly(machine);
  const besides = (spot * (MINUTES.start + MINUTES.batchKeeps)) / 60;
  return besides / (processorPerMinute - perMinute(spot, fps));
}

/** @typedef {{ readonly name: string, readonly films: number, readonly minutes: number, readonly everyMinutes: number, readonly days: number }} Pattern */

/** What is dropped on a day: so many films of so many minutes, this far apart (0: at once), on so many days of a month. */
export const PATTERNS = /** @type {readonly Pattern[]} */ ([
  { name: 'a film of 2 minutes a day', films: 1, minutes: 2, everyMinutes: 0, days: 30 },
  { name: '20 films of 2 minutes at once, each day', films: 20, minutes: 2, everyMinutes: 0, days: 30 },
  {
    name: 'a film of 2 minutes every half hour, 8 hours on 22 days',
    films: 16,
    minutes: 2,
    everyMinutes: 30,
    days: 22,
  },
]);

/**
 * Hours of a machine that a month's films take, and dollars, one machine at a time.
 * @param {Pattern} pattern
 * @param {Machine} machine
 * @param {number} fps
 */
export function monthly({ films, minutes, everyMinutes, days }, machine, fps) {
  const work = (minutes * FRAMES_A_MINUTE) / fps / 60;
  const { onDemand, spot, endpoint } = hourly(machine);
  /** @param {number} keeps  minutes after the last job */
  const hours = (keeps) => {
    const alone = MINUTES.start + work + keeps;
    const apart = Math.max(everyMinutes, work);
    const stays = everyMinutes === 0 || apart - work <= keeps;
    const span = stays ? MINUTES.start + (films - 1) * apart + work + keeps : films * alone;
    return (span * days) / 60;
  };
  return {
    spot: hours(MINUTES.batchKeeps) * spot,
    onDemand: hours(MINUTES.batchKeeps) * onDemand,
    endpoint: hours(MINUTES.endpointKeeps) * endpoint,
    leftOn: HOURS * onDemand,
  };
}

/**
 * How often in an hour Spot may take the machine away before it costs as much as on demand: each time a start is paid
 * again, and half a segment of 35 s of the film is done again.
 * @param {number} fps
 */
export function reclaimsToBreakEven(fps) {
  const lostHours = MINUTES.start / 60 + (17.5 * 25) / fps / 3600;
  return (1 / SPOT_CEILING - 1) / lostHours;
}
