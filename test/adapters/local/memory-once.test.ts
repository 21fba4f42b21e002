import { memoryOnce } from '../../../adapters/local/memory-once.ts';
import { onceContract } from '../../contracts/once.ts';

onceContract('a process', async () => ({ once: memoryOnce(), close: async () => {} }));
