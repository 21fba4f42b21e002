import { FAILURES, type FailureCode } from '../errors.ts';
import type { ApiAnswer } from './api-request.ts';
import { refusalAdvice } from './refusal-advice.ts';

/** An answer that says why something was refused. */
export function refusal(
  code: FailureCode,
  reason: string,
  status: number = FAILURES[code].http,
): Extract<ApiAnswer, { kind: 'json' }> {
  const json = { code, reason, advice: refusalAdvice(code, reason) };
  return { kind: 'json', status, json, headers: { 'cache-control': 'no-store' } };
}
