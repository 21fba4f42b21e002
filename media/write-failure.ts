import { writeFailure as failureOf } from '../core/system-failure.ts';

/** Awaits work that writes `path`; what the system refuses becomes a failure with its cause, all else passes. */
export async function writeFailure<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw failureOf(error, path);
  }
}
