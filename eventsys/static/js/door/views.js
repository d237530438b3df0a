// The four views behind the buttons at the bottom, and the camera in the first of them.

import { startCamera } from './camera.js';

const TROUBLE = {
  NotAllowedError: 'Kameran är inte tillåten. Tillåt den i webbläsarens inställningar för sidan, eller sök på namnet.',
  NotFoundError: 'Ingen kamera hittades. Sök på namnet, eller anslut en skanner.',
};
const OTHER_TROUBLE = 'Kameran gick inte att starta. Sök på namnet, eller anslut en skanner.';

// startViews({ app, part, addresses, saw }): `saw` is told each code that the camera reads.
export const startViews = ({ app, part, addresses, saw }) => {
  let stop = null;

  const begin = async () => {
    part('camera-text').textContent = 'Startar kameran.';
    try {
      stop = await startCamera(part('video'), addresses, saw);
      part('camera').classList.add('is-on');
      part('camera-text').textContent = 'Håll biljettens QR-kod framför kameran.';
      navigator.wakeLock?.request('screen').catch(() => {});
    } catch (error) {
      part('camera-text').textContent = TROUBLE[error.name] ?? OTHER_TROUBLE;
    }
    part('camera-toggle').textContent = stop ? 'Stäng kameran' : 'Starta kameran';
  };

  const end = () => {
    stop?.();
    stop = null;
    part('camera').classList.remove('is-on');
    part('camera-toggle').textContent = 'Starta kameran';
    part('camera-text').textContent = '';
  };

  const show = (view) => {
    if (view !== 'scan') part('answer').hidden = true;
    app.querySelectorAll('[data-view]').forEach((one) => { one.hidden = one.dataset.view !== view; });
    app.querySelectorAll('[data-to]').forEach((one) => {
      if (one.dataset.to === view) one.setAttribute('aria-current', 'page');
      else one.removeAttribute('aria-current');
    });
    if (view === 'search') part('q').focus();
    if (view === 'walk-in') part('walk-in').elements.name.focus();
    if (view !== 'scan') end();
    scrollTo(0, 0);
  };

  app.querySelectorAll('[data-to]').forEach((one) => one.addEventListener('click', () => show(one.dataset.to)));
  part('camera-toggle').addEventListener('click', () => (stop ? end() : begin()));
  document.addEventListener('visibilitychange', () => { if (document.hidden) end(); });
  show('scan');
};
