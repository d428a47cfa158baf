// The canned voice message: three seconds of humming, made here so that no sound file has to be kept.

const RATE = 8000;
const SECONDS = 3;
export const soundContent = () => btoa(String.fromCharCode(...header(), ...humming()));

function humming() {
  return Array.from({ length: RATE * SECONDS }, (_, at) => {
    const time = at / RATE;
    const pitch = 150 + 25 * Math.sin(time * 5);
    const loud = 40 * Math.abs(Math.sin(time * 7)) * Math.min(1, (SECONDS - time) * 4);
    return Math.round(128 + loud * Math.sin(2 * Math.PI * pitch * time));
  });
}

function header() {
  const size = RATE * SECONDS;
  const word = (text) => [...text].map((letter) => letter.charCodeAt(0));
  const number = (value, bytes) => Array.from({ length: bytes }, (_, at) => (value >> (8 * at)) & 255);
  return [
    ...word("RIFF"), ...number(36 + size, 4), ...word("WAVEfmt "), ...number(16, 4), ...number(1, 2), ...number(1, 2),
    ...number(RATE, 4), ...number(RATE, 4), ...number(1, 2), ...number(8, 2), ...word("data"), ...number(size, 4),
  ];
}
