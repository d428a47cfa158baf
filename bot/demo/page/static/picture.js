// The canned photo: a work schedule on a pin board, drawn on a canvas because Telegram's photos are no drawings.

const SIZE = [400, 260];

export async function photoContent() {
  const drawing = new Image();
  drawing.src = "static/photo.svg";
  await drawing.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = SIZE;
  canvas.getContext("2d").drawImage(drawing, 0, 0, ...SIZE);
  return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
}
