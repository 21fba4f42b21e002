import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture } from './child.mjs';
import { withProgress } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} Tool
 * @property {readonly (readonly string[])[]} commands  What it puts on the PATH; of each list one is enough.
 * @property {Partial<Record<ManagerName, readonly string[]>>} packages  What each package manager calls it.
 * @property {(find: typeof onPath) => Promise<string | undefined>} [flaw]  Why the one that is here will not do.
 */

/** @typedef {'apt-get' | 'apk' | 'dnf' | 'brew' | 'winget' | 'pip'} ManagerName */

/** @type {Readonly<Record<string, Tool>>} */
const TOOLS = {
  ffmpeg: {
    commands: [['ffmpeg'], ['ffprobe']],
    packages: { 'apt-get': ['ffmpeg'], apk: ['ffmpeg'], dnf: ['ffmpeg'], brew: ['ffmpeg'], winget: ['Gyan.FFmpeg'] },
    flaw: ffmpegFlaw,
  },
  /** A newer ffmpeg with libvmaf, beside the system's own. */
  ffmpeg7: { commands: [['python3']], packages: { pip: ['imageio-ffmpeg'] }, flaw: imageioFlaw },
  vlc: { commands: [['cvlc']], packages: { 'apt-get': ['vlc-bin', 'vlc-plugin-base'] } },
  /** Reads bitmap subtitles; with English, other languages are packages of their own. */
  tesseract: {
    commands: [['tesseract']],
    packages: {
      'apt-get': ['tesseract-ocr'],
      apk: ['tesseract-ocr', 'tesseract-ocr-data-eng'],
      dnf: ['tesseract'],
      brew: ['tesseract'],
      winget: ['UB-Mannheim.TesseractOCR'],
    },
  },
  /** Judges what we make, independently of ffmpeg. */
  mediainfo: {
    commands: [['mediainfo']],
    packages: {
      'apt-get': ['mediainfo'],
      apk: ['mediainfo'],
      dnf: ['mediainfo'],
      brew: ['mediainfo'],
      winget: ['MediaArea.MediaInfo'],
    },
  },
  /** Writes Matroska, and reads what we write in it, independently of ffmpeg. */
  mkvtoolnix: {
    commands: [['mkvmerge'], ['mkvpropedit'], ['mkvextract'], ['mkvinfo']],
    packages: {
      'apt-get': ['mkvtoolnix'],
      apk: ['mkvtoolnix'],
      dnf: ['mkvtoolnix'],
      brew: ['mkvtoolnix'],
      winget: ['MoritzBunkus.MKVToolNix'],
    },
  },
  /** Reads tags and the boxes of cameras, independently of ffmpeg. */
  exiftool: {
    commands: [['exiftool']],
    packages: {
      'apt-get': ['libimage-exiftool-perl'],
      apk: ['exiftool'],
      dnf: ['perl-Image-ExifTool'],
      brew: ['exiftool'],
      winget: ['OliverBetz.ExifTool'],
    },
  },
  /** Gives a program another time of day, and sets it while the program runs. */
  faketime: {
    commands: [['faketime']],
    packages: { 'apt-get': ['faketime'], apk: ['libfaketime'], dnf: ['libfaketime'], brew: ['libfaketime'] },
  },
  chromium: {
    commands: [['chromium', 'chromium-browser', 'google-chrome']],
    packages: { 'apt-get': ['chromium'], apk: ['chromium'], dnf: ['chromium'] },
  },
  /** Turns checkpoints into ONNX files (scripts/export). */
  torch: {
    commands: [['python3']],
    packages: { 'apt-get': ['python3-torch'], dnf: ['python3-torch'], brew: ['pytorch'], pip: ['torch', 'onnx'] },
    flaw: torchFlaw,
  },
  /** Sends archives to a bucket and mounts them. */
  rclone: {
    commands: [['rclone']],
    packages: { 'apt-get': ['rclone'], apk: ['rclone'], dnf: ['rclone'], brew: ['rclone'] },
  },
  'cfn-lint': { commands: [['cfn-lint']], packages: { pip: ['cfn-lint'], brew: ['cfn-lint'] } },
  moto: { commands: [['moto_server']], packages: { pip: ['moto[server]'] } },
};

/** @type {Readonly<Record<ManagerName, { command: readonly string[], update?: readonly string[], asRoot: boolean }>>} */
const MANAGERS = {
  brew: { command: ['brew', 'install'], asRoot: false },
  'apt-get': {
    command: ['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends'],
    update: ['apt-get', 'update'],
    asRoot: true,
  },
  apk: { command: ['apk', 'add', '--no-cache'], asRoot: true },
  dnf: { command: ['dnf', 'install', '-y'], asRoot: true },
  winget: {
    command: ['winget', 'install', '--exact', '--accept-source-agreements', '--accept-package-agreements', '--id'],
    asRoot: false,
  },
  pip: { command: ['python3', '-m', 'pip', 'install', '--quiet'], asRoot: false },
};

export const TOOL_NAMES = Object.keys(TOOLS);

/**
 * Why a tool cannot be used here as things are; undefined if it can.
 * @param {string} name
 */
export async function missing(name) {
  const { commands, flaw } = toolNamed(name);
  const absent = commands.filter((any) => !any.some((command) => onPath(command)));
  if (absent.length > 0) return `${absent.map((any) => any.join(' or ')).join(' and ')} not found on the PATH`;
  return flaw?.(onPath);
}

/**
 * Installs a tool by the first package manager here that knows it. Throws SetupError where that cannot be done.
 * @param {string} name
 */
export async function install(name) {
  const { packages } = toolNamed(name);
  const manager = /** @type {ManagerName[]} */ (Object.keys(MANAGERS)).find(
    (each) => packages[each] && (each === 'pip' ? onPath('python3') : onPath(each)),
  );
  const names = manager && packages[manager];
  if (!names) throw new SetupError(`${await missing(name)}: install ${inWords(packages)}, then try again`);
  const { command, update, asRoot } = MANAGERS[manager];
  const prefix = asRoot ? await rootPrefix() : [];
  if (!prefix) {
    const line = [...command, ...names].join(' ');
    throw new SetupError(`${await missing(name)}, and installing it needs root: run "sudo ${line}", then try again`);
  }
  const { code, stdout, stderr } = await withProgress(
    `installing ${name} (${[...command, ...names].join(' ')})`,
    async () => {
      if (update) await capture(...argv([...prefix, ...update])); // an old list may still do: what counts is the install
      return capture(...argv([...prefix, ...command, ...names]));
    },
  );
  if (manager === 'pip' && onPath('pyenv')) await capture('pyenv', ['rehash']); // pip does not tell pyenv's shims
  const reason = await missing(name);
  if (!reason) return;
  const outcome = code === 0 ? 'did not change that' : `exited ${code}`;
  const message = `${reason}, and ${manager} ${outcome}: install ${inWords(packages)}, then try again`;
  throw new SetupError(message, { output: code === 0 ? '' : stderr || stdout });
}

/** @param {string} name */
function toolNamed(name) {
  const tool = TOOLS[name];
  if (!tool) throw new Error(`no tool "${name}"; there are: ${TOOL_NAMES.join(', ')}`);
  return tool;
}

/** @param {string} command */
function onPath(command) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  return [...(process.env.PATH ?? '').split(delimiter), ...newFolders()]
    .flatMap((folder) => endings.map((ending) => join(folder, command + ending)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Where winget puts programs: a terminal that was open before has the folder on its PATH only when it is opened again. */
function newFolders() {
  const { LOCALAPPDATA } = process.env;
  return process.platform === 'win32' && LOCALAPPDATA ? [join(LOCALAPPDATA, 'Microsoft', 'WinGet', 'Links')] : [];
}

/** What to put before a command that needs root; undefined if this user cannot have it without a password. */
async function rootPrefix() {
  const env = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  if (process.getuid?.() === 0) return env;
  if (!onPath('sudo')) return undefined;
  return (await capture('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n', ...env] : undefined;
}

/** @param {typeof onPath} find */
async function ffmpegFlaw(find) {
  const ffmpeg = find('ffmpeg') ?? 'ffmpeg';
  const { stdout } = await capture(ffmpeg, ['-hide_banner', '-h', 'encoder=libx265']);
  return stdout.includes('Encoder libx265') ? undefined : `${ffmpeg} was built without libx265`;
}

async function imageioFlaw() {
  const script = 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())';
  const { code } = await capture('python3', ['-c', script]);
  return code === 0 ? undefined : 'python3 finds no package imageio_ffmpeg with an ffmpeg 7 in it';
}

async function torchFlaw() {
  return (await pythonWithTorch()) === undefined ? 'neither python3 nor /usr/bin/python3 finds PyTorch' : undefined;
}

/** Debian's PyTorch belongs to Debian's python3, which another one may hide. */
export async function pythonWithTorch() {
  const script = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)';
  for (const python of new Set([onPath('python3'), '/usr/bin/python3'])) {
    if (python && existsSync(python) && (await capture(python, ['-c', script])).code === 0) return python;
  }
  return undefined;
}

/** @param {Tool['packages']} packages */
function inWords(packages) {
  return Object.entries(packages)
    .map(([manager, names]) => `${names.join(' ')} (${manager})`)
    .join(' or ');
}

/**
 * @param {readonly string[]} line
 * @returns {[string, string[]]}
 */
function argv([command = '', ...args]) {
  return [command, args];
}
