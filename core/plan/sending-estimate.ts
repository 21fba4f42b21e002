import { framesOf, pixelsOf } from '../dispatch/film-figures.ts';
import { LONGEST_SINGLE_SECONDS, machineSeconds, type Route } from '../dispatch/route.ts';
import type { Needs } from '../job/needs.ts';
import type { AwsPrices } from '../storage/list-prices.ts';
import { jobBill, sameDisk } from './job-bill.ts';

/** Megapixels a second that one vCPU decodes and measures: half of what two were measured to do (docs/benchmarks.md, "encode"). */
const VERIFIED_MEGAPIXELS = 52;
/** The size of a source, and what its header states. */
type MeasuredHeader = Parameters<typeof framesOf>[0];

const PIECE_SECONDS = 30;

/**
 * Estimates what sending a job costs, whole, by what is known without opening its source: the header, and what the recipe needs.
 * `films` is how many share the container, and so its start. It is a guard's estimate: where the header tells nothing, the file counts as a camera's, and what is re-used is not known yet.
 */
export function sendingUsd(
  needs: Needs,
  facts: MeasuredHeader,
  { films = 1, ...route }: Route & { readonly films?: number },
  prices: AwsPrices,
): number {
  const { way, compute, market, size, disk } = route;
  const frames = framesOf(facts);
  const pixels = frames * pixelsOf(facts);
  const seconds = machineSeconds(needs, { frames, pixels, cores: size.vcpu });
  const isOnCard = compute === 'gpu';
  return jobBill(
    {
      ...{ way, isOnCard, architecture: 'x86', size, disks: sameDisk(disk), films },
      tasks: way === 'single' ? 1 : Math.ceil(seconds / LONGEST_SINGLE_SECONDS),
      encodeSeconds: isOnCard ? seconds : seconds * size.vcpu,
      verifySeconds: pixels / (VERIFIED_MEGAPIXELS * 1e6),
      // at most: a film that would get larger is published as it is
      ...{ sourceBytes: facts.bytes, resultBytes: facts.bytes },
      pieces: Math.ceil(frames / 30 / PIECE_SECONDS),
    },
    market,
    prices,
  ).usd;
}
