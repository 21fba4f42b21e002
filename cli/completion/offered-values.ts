import { RECIPES } from '../../core/recipes/index.ts';
import { SERVICE_SYSTEMS } from '../../core/service-unit.ts';
import { listedValues } from '../../core/settings/listed-values.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import { RESULT_CLASSES } from '../../core/storage/bulk-change.ts';
import { listedRegions } from '../../core/storage/list-prices.ts';
import { CLASS_NAMES, COPY_CLASSES } from '../../core/storage/storage-classes.ts';
import { DEVICES } from '../../core/upscale/enlargement.ts';
import { LAYOUTS } from '../films/laid-orders.ts';
import { OTHERS } from '../films/others-of.ts';
import { WAYS } from '../storage/transfer.ts';

const WHOLE_SETTINGS = [
  ...Object.keys(SETTINGS).map((name) => `${name}=`),
  ...listedValues().flatMap(({ name, values }) => values.map((value) => `${name}=${value}`)),
];

/** What the options of all commands take that have one meaning everywhere. */
const EVERYWHERE: Readonly<Record<string, readonly string[]>> = {
  '--recipe': RECIPES.map(({ id }) => id),
  '--set': WHOLE_SETTINGS,
  '--layout': LAYOUTS,
  '--stage': ['dev', 'prod'],
};

/** What the options of single commands take, by the command. These are the lists by which the commands themselves judge. */
const OF_COMMANDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  run: { '--others': OTHERS },
  upload: { '--to': RECIPES.map(({ id }) => id) },
  model: { '--device': DEVICES },
  service: { '--for': SERVICE_SYSTEMS },
  'storage restore': { '--from': CLASS_NAMES },
  'storage transfer': { '--direction': WAYS },
  'storage options': { '--replica-class': COPY_CLASSES },
  'storage reclass': { '--class': RESULT_CLASSES },
};

/** Returns the values of an option that a shell can offer; none for those that take a number, a name or a file. */
export function offeredValues(command: string, long: string): readonly string[] {
  const isPriced = long === '--region' && /^storage (estimate|restore|transfer|job|options|prices)$/.test(command);
  return OF_COMMANDS[command]?.[long] ?? (isPriced ? listedRegions() : EVERYWHERE[long]) ?? [];
}
