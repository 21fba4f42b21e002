import { ServiceError } from '../../core/errors.ts';

/** A notice that was not delivered has its event delivered again. */
export function deliverAgain(message: string): never {
  throw new ServiceError('busy', message);
}
