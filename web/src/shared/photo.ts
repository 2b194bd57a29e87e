/* Photos, shrunk before they travel: longest side 1600 px, JPEG, upright, without the camera's data (place, device).
 * Redrawing through a canvas drops all metadata; the server does the same again for those who send something else. */

const SIDE_MAX = 1600;
const QUALITY = 0.8;

/** null: the browser cannot read it as a picture. */
export async function shrinkPhoto(file: Blob): Promise<Blob | null> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode(); /* applies the EXIF orientation */
    const scale = Math.min(1, SIDE_MAX / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const pen = canvas.getContext('2d');
    if (!pen) return null;
    pen.fillStyle = '#fff'; /* JPEG has no transparency */
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}
