// A short tone and a buzz for each answer, when the host wants it.

const TONES = { good: [[880, 0.09]], info: [[660, 0.09]], warn: [[440, 0.12], [440, 0.12]], bad: [[200, 0.35]] };
const BUZZES = { good: [60], info: [60], warn: [60, 60, 60], bad: [300] };
let speaker;

export const sound = (kind) => {
  navigator.vibrate?.(BUZZES[kind]);
  if (!window.AudioContext) return;
  speaker ??= new AudioContext();
  let at = speaker.currentTime;
  for (const [pitch, length] of TONES[kind]) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(volume).connect(speaker.destination);
    tone.start(at);
    tone.stop(at + length);
    at += length + 0.05;
  }
};
