import {
  LinearFilter,
  Mesh,
  MeshBasicMaterial,
  PerspectiveCamera,
  Scene,
  SphereGeometry,
  SRGBColorSpace,
  VideoTexture,
  WebGLRenderer,
} from 'three';

export type Layout = 'mono' | 'top-bottom' | 'left-right';

/** A look from the middle of a sphere, in degrees: 0 is the middle of the picture, positive is to the right and upwards. */
export type View = { readonly yaw: number; readonly pitch: number; readonly fieldOfView: number };

export type Sphere = {
  show(layout: Layout): void;
  hide(): void;
  view(): View;
  look(view: Partial<View>): void;
  close(): void;
};

const STEP_DEGREES = 10;
const NARROWEST = 30;
const WIDEST = 110;

/** Shows the picture of a video element on the inside of a sphere, in a canvas above it. Two eyes are shown as one. */
export function newSphere(frame: HTMLElement, video: () => HTMLVideoElement): Sphere {
  const canvas = document.createElement('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute(
    'aria-label',
    '360 degree picture: drag it, or hold Shift and use the arrow keys, to look around',
  );
  const renderer = new WebGLRenderer({ canvas, antialias: false });
  const scene = new Scene();
  const camera = new PerspectiveCamera(75, 1, 0.1, 20);
  camera.rotation.order = 'YXZ';
  const material = new MeshBasicMaterial();
  const geometry = new SphereGeometry(10, 96, 64).scale(-1, 1, 1).rotateY(-Math.PI / 2);
  scene.add(new Mesh(geometry, material));
  const textures = new Map<HTMLVideoElement, VideoTexture>();
  const life = new AbortController();
  let now: View = { yaw: 0, pitch: 0, fieldOfView: 75 };
  let isShown = false;

  function look(view: Partial<View>): void {
    const { yaw, pitch, fieldOfView } = { ...now, ...view };
    now = {
      yaw: ((yaw + 540) % 360) - 180,
      pitch: Math.min(90, Math.max(-90, pitch)),
      fieldOfView: Math.min(WIDEST, Math.max(NARROWEST, fieldOfView)),
    };
  }

  function textureOf(source: HTMLVideoElement): VideoTexture {
    const known = textures.get(source);
    if (known) return known;
    const made = new VideoTexture(source);
    Object.assign(made, { minFilter: LinearFilter, magFilter: LinearFilter, colorSpace: SRGBColorSpace });
    textures.set(source, made);
    return made;
  }

  let layout: Layout = 'mono';
  function draw(): void {
    if (!isShown) return;
    const { clientWidth: width, clientHeight: height } = frame;
    if (
      canvas.width !== Math.round(width * devicePixelRatio) ||
      canvas.height !== Math.round(height * devicePixelRatio)
    ) {
      renderer.setPixelRatio(devicePixelRatio);
      renderer.setSize(width, height, false);
    }
    const texture = textureOf(video());
    texture.repeat.set(layout === 'left-right' ? 0.5 : 1, layout === 'top-bottom' ? 0.5 : 1);
    texture.offset.set(0, layout === 'top-bottom' ? 0.5 : 0);
    if (material.map !== texture) {
      material.map = texture;
      material.needsUpdate = true;
    }
    camera.aspect = width / (height || 1);
    camera.fov = now.fieldOfView;
    camera.rotation.set((now.pitch * Math.PI) / 180, (-now.yaw * Math.PI) / 180, 0);
    camera.updateProjectionMatrix();
    renderer.render(scene, camera);
    requestAnimationFrame(draw);
  }

  listen(canvas, life.signal, { view: () => now, look });

  return {
    show(next) {
      layout = next;
      if (isShown) return;
      isShown = true;
      frame.append(canvas);
      draw();
    },
    hide() {
      isShown = false;
      canvas.remove();
    },
    view: () => now,
    look,
    close() {
      isShown = false;
      life.abort();
      canvas.remove();
      for (const texture of textures.values()) texture.dispose();
      geometry.dispose();
      material.dispose();
      renderer.dispose();
    },
  };
}

type Looking = { readonly view: () => View; readonly look: (view: Partial<View>) => void };

/** Drag, wheel, Shift with arrow keys, and how a telephone is held. */
function listen(canvas: HTMLCanvasElement, signal: AbortSignal, { view, look }: Looking): void {
  let held: { readonly x: number; readonly y: number; readonly view: View } | undefined;
  canvas.addEventListener(
    'pointerdown',
    ({ clientX: x, clientY: y, pointerId }) => {
      held = { x, y, view: view() };
      canvas.setPointerCapture(pointerId);
      askForMotion();
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    ({ clientX, clientY }) => {
      if (!held) return;
      const perPixel = held.view.fieldOfView / (canvas.clientHeight || 1);
      look({
        yaw: held.view.yaw - (clientX - held.x) * perPixel,
        pitch: held.view.pitch + (clientY - held.y) * perPixel,
      });
    },
    { signal },
  );
  for (const name of ['pointerup', 'pointercancel'])
    canvas.addEventListener(name, () => (held = undefined), { signal });
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      look({ fieldOfView: view().fieldOfView + event.deltaY / 20 });
    },
    { signal, passive: false },
  );
  canvas.addEventListener(
    'keydown',
    (event) => {
      const [yaw = 0, pitch = 0] =
        {
          ArrowLeft: [-STEP_DEGREES, 0],
          ArrowRight: [STEP_DEGREES, 0],
          ArrowUp: [0, STEP_DEGREES],
          ArrowDown: [0, -STEP_DEGREES],
        }[event.key] ?? [];
      if (!event.shiftKey || (yaw === 0 && pitch === 0)) return;
      event.stopPropagation();
      event.preventDefault();
      look({ yaw: view().yaw + yaw, pitch: view().pitch + pitch });
    },
    { signal },
  );
  let first: { readonly alpha: number; readonly yaw: number } | undefined;
  addEventListener(
    'deviceorientation',
    ({ alpha, beta, gamma }) => {
      if (alpha === null || beta === null || gamma === null || held) return;
      const isLandscape = screen.orientation.type.startsWith('landscape');
      first ??= { alpha, yaw: view().yaw };
      look({ yaw: first.yaw + first.alpha - alpha, pitch: isLandscape ? Math.abs(gamma) - 90 : beta - 90 });
    },
    { signal },
  );
}

/** Apple's telephones tell how they are held only after they were asked on a touch. */
function askForMotion(): void {
  const ask: unknown =
    'DeviceOrientationEvent' in globalThis && Reflect.get(DeviceOrientationEvent, 'requestPermission');
  if (typeof ask === 'function') void Promise.resolve(ask.call(DeviceOrientationEvent)).catch(() => undefined);
}
