import { writeFailure as failureOf } from '../../core/system-failure.ts';

/**
 * Awaits work that writes `path`. An error of the operating system is thrown as a failure with its cause, any other
 * error as it is.
 */
export async function writeFailure<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw failureOf(error, path);
  }
}
