import { ServiceError } from '../../core/errors.ts';

/** Throws `busy` for a notice that was not delivered, so that AWS delivers its event again. */
export function deliverAgain(message: string): never {
  throw new ServiceError('busy', message);
}
