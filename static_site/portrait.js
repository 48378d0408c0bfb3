// A portrait, made small on the device: drawn anew, so that nothing else of the file leaves it.

const SIDE = 512;
// The server takes 300,000 bytes.
const MAX_BYTES = 200_000;
const QUALITIES = [0.86, 0.7, 0.5];

/** The middle of a picture, square, as a canvas. @throws if the file is no picture that the browser knows */
export async function drawn(blob) {
  const picture = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  const side = Math.min(picture.width, picture.height);
  canvas.width = canvas.height = Math.min(side, SIDE);
  const left = (picture.width - side) / 2;
  // Faces are above the middle of a tall picture.
  const top = Math.max(0, (picture.height - side) / 3);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

/** @returns {Promise<string>} a JPEG in base64 */
export async function packed(canvas) {
  for (const quality of QUALITIES) {
    const blob = await new Promise((made) => canvas.toBlob(made, "image/jpeg", quality));
    if (blob.size <= MAX_BYTES) return base64(await blob.arrayBuffer());
  }
  throw new Error("the portrait can't be made small enough");
}

export function unpacked(text) {
  return new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], { type: "image/jpeg" });
}

function base64(buffer) {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}
