import type { AnswerOf } from '../../core/api/routes.ts';
import { jobId } from '../../core/job/job.ts';
import { manifest, rendition } from '../core/report/manifests.ts';
import type { Answers, Refusal } from './pages-server.ts';

type JobSummary = AnswerOf<'jobs'>['jobs'][number];

const NOW = Date.UTC(2026, 10, 28, 14);
const idOf = (n: number) => jobId.parse(n.toString(16).padStart(32, '0'));
export const refused = (refusal: Refusal) => ({ refusal }) as const;

export const job = (n: number, over: Partial<JobSummary> = {}): JobSummary => ({
  job: idOf(n),
  recipe: 'preserve',
  name: `film-${n}.mov`,
  state: 'done',
  createdMs: NOW - n * 60_000,
  updatedMs: NOW - n * 60_000,
  figures: { bytesBefore: 2_942_343_000, bytesAfter: 412_903_000, usd: 0.12 },
  ...over,
});

const { figures: _, ...unmade } = job(0);

export const running: JobSummary = {
  ...unmade,
  job: idOf(1),
  name: 'Tour 2024/Berlin, day 1/CLIP0007.MOV',
  recipe: 'ladder',
  state: 'running',
  segments: { done: 31, total: 52 },
  progress: {
    phase: 'encode',
    rendition: 'hd',
    done: 1210,
    total: 3000,
    unit: 'frames',
    fps: 61,
    speed: 2.4,
    etaSeconds: 94,
    renditions: [
      { name: 'uhd', segments: { done: 24, total: 24, reused: 3 }, isDone: true, bytes: 212_000_000 },
      { name: 'hd', segments: { done: 7, total: 24, reused: 0 }, isDone: false },
      { name: 'sd', segments: { done: 0, total: 0, reused: 0 }, isDone: false },
    ],
  },
};

export const failed: JobSummary = {
  ...unmade,
  job: idOf(3),
  name: 'super 8/reel 12 (copy).avi',
  state: 'failed',
  failure: {
    code: 'truncated',
    reason: 'the file ends at 1:12 of 3:40: its last 412 MB are missing, as after a copy that was broken off',
    advice: 'Copy the file again, to its end.',
  },
};

export const FEW: readonly JobSummary[] = [
  running,
  { ...unmade, job: idOf(2), name: 'Loops/kaleidoscope 4K 60p.mov', recipe: 'vj', state: 'queued' },
  failed,
  job(4, { name: 'Tour 2024/Paris/finale.mov', recipe: 'ladder' }),
  job(5, {
    name: 'Café Müller, Paris.mp4',
    state: 'unchanged',
    figures: { bytesBefore: 940_000_000, bytesAfter: 941_000_000, usd: 0 },
  }),
  job(6, { name: `${'a very long name '.repeat(6)}.mkv` }),
  job(7, { name: 'interview.mxf', state: 'verifying' }),
];

/** Drops of which no job could be made. */
export const REFUSED_DROPS: readonly NonNullable<AnswerOf<'jobs'>['refused']>[number][] = [
  {
    recipe: 'preserve',
    name: 'notes/shot list.txt',
    code: 'not-video',
    reason: '"shot list.txt" is a text file, not a video; drop the video itself',
    advice: 'drop a video',
    atMs: NOW,
  },
  {
    recipe: 'sharper',
    name: `${'a very long name '.repeat(6)}.mkv`,
    code: 'usage',
    reason: 'there is no recipe "sharper"; there are: preserve, downscale, ladder, vj, mezzanine, upscale and sphere',
    atMs: NOW - 60_000,
  },
];

export const jobsOf = (jobs: readonly JobSummary[], total = jobs.length): AnswerOf<'jobs'> => ({
  jobs: [...jobs],
  totals: {
    jobs: total,
    films: total,
    byState: { done: total },
    bytesBefore: total * 2_500_000_000,
    bytesAfter: total * 610_000_000,
    usd: total * 0.1,
    isPartial: false,
  },
  nowMs: NOW,
});

/** The same, of a stage that has more than the thousand jobs that are counted. */
export const amongNewest = (answer: AnswerOf<'jobs'>): AnswerOf<'jobs'> => ({
  ...answer,
  totals: { ...answer.totals, isPartial: true, amongNewest: 1000 },
});

/** As many jobs as wanted, page by page; the cursor is where the next page begins. */
export const manyJobs =
  (total: number): NonNullable<Answers['jobs']> =>
  ({ query }) => {
    const limit = Number(query.get('limit') ?? 50);
    const from = Number(query.get('cursor') ?? 0);
    const isQuestion = query.has('changedSince') || query.get('state') === 'open';
    const jobs = isQuestion
      ? []
      : Array.from({ length: Math.min(limit, total - from) }, (_unused, at) => job(from + at));
    const next = from + limit < total ? { next: `${from + limit}` } : {};
    return { ...jobsOf(jobs, total), ...next };
  };

const fewJobs: NonNullable<Answers['jobs']> = ({ query }) =>
  query.get('state') === 'open' ? jobsOf([running]) : jobsOf(query.has('changedSince') ? [] : FEW);

const made = manifest({
  source: { ...manifest().source, path: 'film.mov', bytes: 2_942_343_000, durationSeconds: 212 },
  recipe: 'ladder',
  renditions: [
    rendition({
      name: 'hd',
      path: 'hd.mp4',
      codec: 'h264',
      codecString: 'avc1.640028',
      bytes: 312_903_000,
      frames: 5300,
      durationSeconds: 212,
      quality: { metric: 'vmaf', mean: 95.4, min: 88.1, sampledFrames: 530, target: 95, projected: 95.1 },
      checks: [
        { name: 'decodes to the last frame', passed: true, detail: '5300 of 5300 frames' },
        { name: 'every frame at its time', passed: true, detail: 'at most 0.3 ms beside it' },
        { name: 'colours match the source', passed: true, detail: 'at most 0.4 of 255' },
      ],
    }),
    rendition({
      name: 'uhd',
      path: 'uhd.mp4',
      width: 3840,
      height: 2160,
      bytes: 100_000_000,
      frames: 5300,
      durationSeconds: 212,
    }),
  ],
  streams: [
    { index: 0, type: 'video', codec: 'prores', fate: 'converted', why: 're-encoded as H.264 and HEVC' },
    {
      index: 1,
      type: 'audio',
      codec: 'pcm_s24le',
      fate: 'converted',
      why: 'AAC at 192 kb/s: players of the web take no PCM',
    },
    {
      index: 2,
      type: 'data',
      codec: 'tmcd',
      fate: 'dropped',
      why: 'MP4 for the web holds no timecode; it is in the manifest',
    },
  ],
  warnings: ['the source says BT.601 and its size is that of HD: BT.709 is kept as it is tagged'],
});

const shown = (summary: JobSummary): AnswerOf<'job'> => ({
  ...summary,
  settings: { crf: 22 },
  source: `input/${summary.recipe}/${summary.name}`,
  files: [],
});

const RECIPES: AnswerOf<'recipes'> = {
  recipes: [
    {
      id: 'preserve',
      summary: 'the same film in HEVC, as large as it was, much smaller',
      settings: [
        {
          name: 'crf',
          summary: 'constant rate factor: lower is better and larger; 23-28 is recommended',
          range: '10-40',
          default: '25',
        },
        {
          name: 'preset',
          summary: 'effort of the encoder',
          range: 'ultrafast|fast|medium|slow|veryslow',
          default: 'slow',
        },
        { name: 'vmaf', summary: 'quality to reach instead of a CRF', range: '70-99' },
        {
          name: 'crop',
          summary: 'the part of the picture to keep; auto: all but black bars',
          range: 'none|auto|W:H:X:Y, even',
        },
      ],
    },
    { id: 'archive', summary: 'lossless FFV1 in Matroska, every bit of every stream', settings: [] },
    { id: 'ladder', summary: 'four sizes for streaming, with HLS and DASH', settings: [] },
    { id: 'mezzanine', summary: 'ProRes for editing', settings: [] },
    { id: 'vj', summary: 'HAP for the stage, at any speed and direction', settings: [] },
    { id: 'upscale', summary: 'twice as large by a network', settings: [] },
  ],
  mixes: [{ id: 'web-and-stage', recipes: ['ladder', 'vj'] }],
  usual: 'preserve',
};

export const USUAL: Answers = {
  signInWay: () => ({ way: 'address', stage: 'local' }),
  session: () => ({
    caller: { id: 'local', name: 'Ada', role: 'operator' },
    stage: 'local',
    version: '0.1.0',
    live: 'events',
    mayChangeHouse: true,
    limits: { uploadBytes: 5 * 1024 ** 4, partsAtOnce: 4, urlSeconds: 900, uploadDays: 7 },
  }),
  recipes: () => RECIPES,
  plan: () => ({
    renditions: [],
    total: { seconds: 8.2, outputBytes: 12_400, diskBytes: 80_000, usd: 0 },
    warnings: [],
  }),
  jobs: fewJobs,
  job: ({ params }) => {
    const known = FEW.find((each) => each.job === params.job);
    if (!known) return refused({ status: 404, code: 'no-input', reason: `there is no job ${params.job}` });
    return known.state === 'done' ? { ...shown(known), manifest: made } : shown(known);
  },
  file: ({ query }) =>
    query.get('path') === 'hd.mp4' || query.get('path') === 'report.html'
      ? { url: `/media/${query.get('path')}`, expiresMs: NOW + 3_600_000 }
      : refused({ status: 404, code: 'no-input', reason: 'there is no such file' }),
  uploads: () => ({ uploads: [] }),
};
