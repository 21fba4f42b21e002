import { describe, expect, it } from '@jest/globals';
import { type Gpu, gpusIn } from '../../../media/onnx/gpu.ts';

const MIB = 2 ** 20;

/** A card's memory in MiB, as nvidia-smi reports it. */
type Card = { name: string; driver: string; computeCapability?: string; totalBytes?: number; freeBytes?: number };
const bytes = (mib: number | undefined) => (mib === undefined ? undefined : mib * MIB);
const inBytes = (card: Card): Gpu => ({
  ...{ computeCapability: undefined, ...card },
  ...{ totalBytes: bytes(card.totalBytes), freeBytes: bytes(card.freeBytes) },
});

describe("nvidia-smi's output", () => {
  it.each<{ what: string; answer: string; cards: Card[] }>([
    {
      what: 'one card',
      answer: 'Tesla T4, 580.82.07, 7.5, 15360, 14912\n',
      cards: [{ name: 'Tesla T4', driver: '580.82.07', computeCapability: '7.5', totalBytes: 15360, freeBytes: 14912 }],
    },
    {
      what: 'two, with a warning between them',
      answer:
        'NVIDIA L4, 570.148.08, 8.9, 23034, 22563\r\nWARNING: infoROM is corrupted at gpu 0000:01:00.0\r\nNVIDIA L4, 570.148.08, 8.9, 23034, 512\r\n',
      cards: [
        { name: 'NVIDIA L4', driver: '570.148.08', computeCapability: '8.9', totalBytes: 23034, freeBytes: 22563 },
        { name: 'NVIDIA L4', driver: '570.148.08', computeCapability: '8.9', totalBytes: 23034, freeBytes: 512 },
      ],
    },
    {
      what: 'a card that shares its memory and does not count it',
      answer: 'NVIDIA GB10, 580.95.05, 12.1, [N/A], [N/A]\n',
      cards: [{ name: 'NVIDIA GB10', driver: '580.95.05', computeCapability: '12.1' }],
    },
    {
      what: 'an old driver that knows no compute capability, and a name with a comma',
      answer: 'Quadro, special edition, 470.256.02, [Not Supported], 8192, 8000',
      cards: [{ name: 'Quadro, special edition', driver: '470.256.02', totalBytes: 8192, freeBytes: 8000 }],
    },
    { what: 'no card', answer: 'No devices were found\n', cards: [] },
    { what: 'a driver that is not loaded', answer: "NVIDIA-SMI has failed because it couldn't communicate", cards: [] },
    { what: 'fields of another question', answer: 'Tesla T4, 15360\n', cards: [] },
    { what: 'nothing', answer: '', cards: [] },
  ])('is parsed with $what', ({ answer, cards }) => {
    expect(gpusIn(answer)).toEqual(cards.map(inBytes));
  });
});
