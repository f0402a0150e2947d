/** A photo made small on the phone: signal is dear. */

const QUALITY = 0.7;
const MOST_PIXELS = 1024;

/** Gives a picture as JPEG whose longer side has at most `mostPixels`. Rejects what is no picture. */
export async function smallPhoto(file, name, mostPixels = MOST_PIXELS) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, mostPixels / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((give) => canvas.toBlob(give, 'image/jpeg', QUALITY));
  return new File([blob], name, { type: 'image/jpeg' });
}
