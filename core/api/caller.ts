import { INPUT_PREFIX } from '../job/drop.ts';

/** Whoever calls the API. */
export type Caller = {
  readonly id: string;
  /** The e-mail address, or `local` on one machine. */
  readonly name: string;
  readonly role: 'operator' | 'user';
  /** The folder below `input/<recipe>/` to which this person's uploads go; undefined where one person has everything. */
  readonly folder: string | undefined;
};

/** The one person of a machine, who may do everything. */
export const LOCAL_CALLER: Caller = { id: 'local', name: 'local', role: 'operator', folder: undefined };

/** Whether a source belongs to the caller. Operators may see and steer all. */
export const mayTouch = ({ role, folder }: Caller, source: string): boolean =>
  role === 'operator' || (folder !== undefined && ownerOf(source) === folder);

/** Returns the folder of the person who uploaded a source: the one below the recipe's. */
export function ownerOf(source: string): string | undefined {
  const [recipe, owner, ...path] = source.startsWith(INPUT_PREFIX) ? source.slice(INPUT_PREFIX.length).split('/') : [];
  return recipe === undefined || path.length === 0 ? undefined : owner;
}
