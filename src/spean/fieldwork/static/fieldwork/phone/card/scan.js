/** Reads a QR code with the camera, or from a photo. */

import { BarcodeDetector as StandIn } from '../../../vendor/qr/qr-reader.js';

const EVERY = 250;
const QR = { formats: ['qr_code'] };

async function reader() {
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  return known.includes('qr_code') ? new globalThis.BarcodeDetector(QR) : new StandIn(QR);
}

/** Gives the text of the code on a photo; "" where none is found or the file is no picture. */
export async function readPhoto(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    return (await (await reader()).detect(picture))[0]?.rawValue ?? '';
  } catch {
    return '';
  }
}

/** Shows the camera in a video and gives the first code to `found`; gives what stops it.
 *
 * Rejects where there is no camera or it may not be used.
 */
export async function watchCamera(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  let timer;
  let stopped = false;
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
  };
  video.srcObject = stream;
  const detector = await reader();
  const look = async () => {
    const [code] = video.readyState < 2 ? [] : await detector.detect(video).catch(() => []);
    if (stopped) return;
    if (code) {
      stop();
      found(code.rawValue);
    } else timer = setTimeout(look, EVERY);
  };
  video.play().then(look, stop);
  return stop;
}
