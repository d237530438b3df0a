// What is asked of the server, and the four ways in which it can fail.

export class NoNetwork extends Error {}   // or a server that is away: try again later
export class SignedOut extends Error {}   // the PIN has to be typed again
export class Shut extends Error {}        // the door is closed, over or gone
export class Refused extends Error {}     // what was sent cannot be read; sending it again does not help

const failure = async (answer) => {
  if (answer.status === 401) return new SignedOut();
  if (answer.status === 404 || answer.status === 410) return new Shut();
  if (answer.status === 400 || answer.status === 413 || answer.status === 422) return new Refused();
  return new NoNetwork();
};

const ask = async (address, options, milliseconds) => {
  let answer;
  try {
    answer = await fetch(address, { ...options, signal: AbortSignal.timeout(milliseconds), cache: 'no-store' });
    if (answer.ok) return { body: await answer.json(), version: answer.headers.get('ETag') };
  } catch {
    throw new NoNetwork();
  }
  if (answer.status === 304) return null;
  throw await failure(answer);
};

export const fetchList = (page, version) =>
  ask(`${page}/lista`, { headers: version ? { 'If-None-Match': version } : {} }, 8000);

export const postScans = async (page, scans, milliseconds = 10000) => {
  const headers = { 'Content-Type': 'application/json', 'X-Dorr': '1' };
  const sent = await ask(`${page}/inslapp`, { method: 'POST', headers, body: JSON.stringify({ scans }) }, milliseconds);
  return sent.body.answers;
};
