import { ServiceError } from '../errors.ts';

/** A file that cannot be served in fragments. The message is the reason, and goes on after "it is not fragmented: ". */
export const unfragmentable = (reason: string) => new ServiceError('bad-input', reason);
