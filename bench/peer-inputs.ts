import { readFile, writeFile } from 'node:fs/promises';
import { ffmpeg, once } from './run.ts';

export type PeerInput = { readonly name: string; readonly path: string; readonly isBroken: boolean };

/** The phone's clip at a quarter of its size, every frame at its time: 1080p would take a comparison of thirty encodes an hour. */
const PHONE_CLIP = 'demo/clips/VID_20191220_170832.mp4';
const DOG = 'demo/clips/dog-320x180.mp4';
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16'];

type Making = { readonly name: string; readonly ending: string; readonly args: readonly string[] };

/** The two real clips in the forms that give people trouble. */
const made = (phoneClip: string): readonly Making[] => [
  {
    name: 'tags of iTunes and a place',
    ending: 'mp4',
    args: [
      '-i',
      DOG,
      '-c',
      'copy',
      ...tagged('title=Dog', 'artist=Somebody', 'date=2019', 'comment=in the yard', 'location=+48.8584+002.2945/'),
    ],
  },
  {
    name: 'MKV, two languages, subtitles, chapters',
    ending: 'mkv',
    args: [
      ...[
        '-i',
        DOG,
        '-f',
        'lavfi',
        '-i',
        'sine=d=1.6',
        '-f',
        'lavfi',
        '-i',
        'sine=f=880:d=1.6',
        '-i',
        'SUBTITLES',
        '-i',
        'CHAPTERS',
      ],
      ...[
        '-map',
        '0:v',
        '-map',
        '1:a',
        '-map',
        '2:a',
        '-map',
        '3:s',
        '-map_chapters',
        '4',
        '-c:v',
        'copy',
        '-c:a',
        'flac',
        '-c:s',
        'ass',
      ],
      ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=fra', '-metadata:s:s:0', 'language=eng'],
    ],
  },
  {
    name: 'HDR10, 10 bits',
    ending: 'mp4',
    args: [
      ...[
        '-i',
        phoneClip,
        '-vf',
        'scale=960:-2,format=yuv420p10le',
        '-an',
        '-c:v',
        'libx265',
        '-preset',
        'veryfast',
        '-crf',
        '14',
      ],
      ...[
        '-x265-params',
        'log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)',
      ],
      ...['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'],
    ],
  },
  {
    name: 'interlaced broadcast (TS)',
    ending: 'ts',
    args: [
      ...[
        '-i',
        phoneClip,
        '-vf',
        'scale=720:576,fps=50,tinterlace=interleave_top,setfield=tff',
        '-c:v',
        'mpeg2video',
        '-b:v',
        '6M',
      ],
      ...['-flags', '+ildct+ilme', '-r', '25', '-c:a', 'mp2', '-ar', '48000'],
    ],
  },
  {
    name: 'ProRes, 5.1 sound of 24 bits, time code',
    ending: 'mov',
    args: [
      ...[
        '-i',
        phoneClip,
        '-f',
        'lavfi',
        '-i',
        'aevalsrc=0.1*sin(400*t)|0.1*sin(500*t)|0.1*sin(600*t)|0.1*sin(90*t)|0.1*sin(700*t)|0.1*sin(800*t):c=5.1:s=48000:d=1.5',
      ],
      ...[
        '-map',
        '0:v',
        '-map',
        '1:a',
        '-vf',
        'scale=960:-2,fps=25',
        '-c:v',
        'prores_ks',
        '-profile:v',
        '2',
        '-c:a',
        'pcm_s24le',
        '-timecode',
        '01:00:00:00',
      ],
    ],
  },
  {
    name: 'turned by a quarter',
    ending: 'mov',
    args: ['-i', DOG, '-vf', 'crop=iw/2:ih', ...H264, '-metadata:s:v', 'rotate=90', '-c:a', 'copy'],
  },
];

/** Makes the ten inputs of the comparison, once, and returns them. */
export async function peerInputs(): Promise<readonly PeerInput[]> {
  const subtitles = await once('peer.srt', (path) => writeFile(path, '1\n00:00:00,100 --> 00:00:01,000\nGood dog\n'));
  const chapters = await once('peer.ffmeta', (path) =>
    writeFile(
      path,
      ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=800\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=800\nEND=1600\ntitle=Two\n',
    ),
  );
  const named = { SUBTITLES: subtitles, CHAPTERS: chapters };
  const phoneClip = await once('peer-phone.mp4', (path) =>
    ffmpeg('-i', PHONE_CLIP, '-vf', 'scale=480:-2', '-fps_mode', 'passthrough', ...H264, '-c:a', 'copy', path),
  );
  const all: PeerInput[] = [
    { name: 'phone, variable frame rate', path: phoneClip, isBroken: false },
    { name: 'small web clip', path: DOG, isBroken: false },
  ];
  for (const [i, { name, ending, args }] of made(phoneClip).entries()) {
    const given = args.map((arg) => (arg === 'SUBTITLES' || arg === 'CHAPTERS' ? named[arg] : arg));
    all.push({ name, path: await once(`peer-${i}.${ending}`, (path) => ffmpeg(...given, path)), isBroken: false });
  }
  const phone = await readFile(phoneClip);
  const front = await once('peer-front.mp4', (path) =>
    ffmpeg('-i', phoneClip, '-c', 'copy', '-movflags', '+faststart', path),
  );
  const cut = await once('peer-cut.mp4', async (path) => {
    const bytes = await readFile(front);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
  });
  const damaged = await once('peer-damaged.mp4', (path) => {
    const bytes = Buffer.from(phone);
    for (let at = Math.floor(bytes.length * 0.4); at < bytes.length * 0.45; at += 97) bytes[at] = 0;
    return writeFile(path, bytes);
  });
  return [
    ...all,
    { name: 'cut off at 60 %', path: cut, isBroken: true },
    { name: 'damaged in 5 % of its bytes', path: damaged, isBroken: true },
  ];
}

function tagged(...tags: readonly string[]): readonly string[] {
  return tags.flatMap((tag) => ['-metadata', tag]);
}
