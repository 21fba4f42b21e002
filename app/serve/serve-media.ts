import { asServiceError, FAILURES, ServiceError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { MediaAnswer, MediaAsk } from '../../core/ports/media-http.ts';
import type { MediaObjects, OpenObject } from '../../core/ports/media-objects.ts';
import { contentTypeOf } from '../../core/serving/content-type.ts';
import { attachment } from '../../core/serving/disposition.ts';
import { type MediaRequest, mediaRequest } from '../../core/serving/media-request.ts';
import { conditionStatus, validRange } from '../../core/serving/preconditions.ts';
import { askedRange } from '../../core/serving/range-header.ts';
import { answerBody } from './answer-body.ts';
import { type MediaForm, mediaForm, type PlansAtHand } from './media-form.ts';

type MediaPorts = {
  readonly objects: MediaObjects;
  /** Whether a key may be served at all. */
  mayServe(key: string): boolean;
  readonly plans: PlansAtHand;
  readonly log: Pick<Log, 'error'>;
  /** How large an answer may be: one to a range is cut, at a fragment if it can be, and the client asks on. */
  readonly limits: { readonly rangeBytes: number; readonly wholeBytes: number };
};

/** Any answer is sent whole, as a server of one's own can. */
export const WITHOUT_LIMITS: MediaPorts['limits'] = {
  rangeBytes: Number.POSITIVE_INFINITY,
  wholeBytes: Number.POSITIVE_INFINITY,
};

/**
 * Serves a file of the store, whole or in ranges, or as fragmented MP4 (`frag=1`). A faulty request gets an answer that says
 * why. An MP4 that cannot be fragmented is served as it is, and a header says why.
 */
export async function serveMedia(asked: MediaAsk, ports: MediaPorts): Promise<MediaAnswer> {
  let object: OpenObject | undefined;
  try {
    if (asked.method !== 'GET' && asked.method !== 'HEAD') return otherMethod(asked.method);
    const wanted = mediaRequest(asked.path, asked.query);
    object = ports.mayServe(wanted.key)
      ? await ports.objects.open(wanted.key, wanted.version, asked.signal)
      : undefined;
    if (!object) throw new ServiceError('no-input', noObject(wanted));
    const form = await mediaForm(object, wanted, ports.plans, asked.signal);
    return answer(asked, wanted, { object, form }, ports.limits);
  } catch (error) {
    await object?.close();
    return refusal(asked, error, ports.log);
  }
}

const noObject = ({ key, version }: MediaRequest) =>
  `there is no ${JSON.stringify(key)}${version === undefined ? '' : ` of version ${JSON.stringify(version)}`}`;

type Served = { readonly object: OpenObject; readonly form: MediaForm };

function answer(asked: MediaAsk, wanted: MediaRequest, { object, form }: Served, limits: MediaPorts['limits']) {
  const etag = `"${object.version}${form.tag && `-${form.tag}`}"`;
  const headers = {
    etag,
    'accept-ranges': 'bytes',
    // reports are pages among the results: opened from here they run apart, without the rights of the site
    'x-content-type-options': 'nosniff',
    'content-security-policy': contentTypeOf(wanted.key).startsWith('text/html') ? 'sandbox allow-scripts' : 'sandbox',
    // a version never changes; any other answer is asked for again with its tag
    'cache-control': wanted.version === undefined ? 'private, no-cache' : 'private, max-age=31536000, immutable',
    ...form.headers,
  };
  const status = conditionStatus(asked.headers, etag);
  if (status !== undefined) return withoutBody(status, headers, object);
  const range = askedRange(asked.method === 'GET' ? validRange(asked.headers, etag) : undefined, form.bytes);
  if (range === 'unsatisfiable')
    return withoutBody(416, { ...headers, 'content-range': `bytes */${form.bytes}`, 'content-length': '0' }, object);
  if (!range && asked.method === 'GET' && form.bytes > limits.wholeBytes)
    throw new ServiceError(
      'over-limit',
      `the answer has ${form.bytes} bytes, and at most ${limits.wholeBytes} can be sent at once; ask for ranges (Range: bytes=0-)`,
    );
  const start = range?.start ?? 0;
  const end = range ? cutEnd(form, range, limits.rangeBytes) : form.bytes;
  const described = {
    'content-type': contentTypeOf(wanted.key),
    ...headers,
    'content-length': `${end - start}`,
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${form.bytes}` }),
    ...(wanted.download && { 'content-disposition': attachment(form.isFragmented ? asMp4(wanted.key) : wanted.key) }),
  };
  const body = asked.method === 'HEAD' ? undefined : answerBody(object, form.piecesOf(start, end), asked.signal);
  return { status: range ? 206 : 200, headers: described, body, release: () => object.close() };
}

/** A fragmented file is an MP4, whatever it is made of. */
const asMp4 = (key: string) => (/\.(?:mp4|m4v|m4a)$/i.test(key) ? key : key.replace(/(?:\.[^./]{1,5})?$/, '.mp4'));

/** Returns where an answer ends that may have `most` bytes: at the last fragment within it, or where it has that many. */
function cutEnd(
  form: MediaForm,
  { start, end }: { readonly start: number; readonly end: number },
  most: number,
): number {
  if (end - start <= most) return end;
  const border = form.borderBefore(start + most);
  return border > start ? border : start + most;
}

const withoutBody = (status: number, headers: Readonly<Record<string, string>>, object: OpenObject): MediaAnswer => ({
  status,
  headers,
  body: undefined,
  release: () => object.close(),
});

const otherMethod = (method: string): MediaAnswer =>
  told(405, { code: 'usage', reason: `${method} is not answered; GET and HEAD are` }, { allow: 'GET, HEAD' });

function refusal({ method }: MediaAsk, error: unknown, log: MediaPorts['log']): MediaAnswer {
  const { code, message } = asServiceError(error);
  const status = FAILURES[code].http;
  if (status >= 500) log.error('media.failed', { code, reason: message });
  const answered = told(status, { code, reason: code === 'bug' ? 'something went wrong here' : message }, {});
  return method === 'HEAD' ? { ...answered, body: undefined } : answered;
}

function told(status: number, words: object, more: Readonly<Record<string, string>>): MediaAnswer {
  const body = Buffer.from(`${JSON.stringify(words)}\n`);
  const about = { 'content-type': 'application/json', 'content-length': `${body.length}`, 'cache-control': 'no-store' };
  return { status, headers: { ...about, ...more }, body, release: async () => {} };
}
