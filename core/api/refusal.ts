import { FAILURES, type FailureCode } from '../errors.ts';
import type { ApiAnswer } from './api-request.ts';

/** An answer that says why something was refused. */
export function refusal(
  code: FailureCode,
  reason: string,
  status: number = FAILURES[code].http,
): Extract<ApiAnswer, { kind: 'json' }> {
  const { advice } = FAILURES[code];
  return { kind: 'json', status, json: { code, reason, advice }, headers: { 'cache-control': 'no-store' } };
}
