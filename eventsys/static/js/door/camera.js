// Reading QR codes from the camera: with the browser's own reader where it has one, else with the vendored zxing.

const ownReader = async () => {
  if (!('BarcodeDetector' in window)) return null;
  if (!(await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return null;
  const detector = new BarcodeDetector({ formats: ['qr_code'] });
  return async (video) => (await detector.detect(video)).map((code) => code.rawValue);
};

const loaded = (address) => new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = address;
  script.onload = resolve;
  script.onerror = () => reject(new Error('the reader could not be fetched'));
  document.head.append(script);
});

const vendoredReader = async ({ reader, wasm }) => {
  if (!window.ZXingWASM) await loaded(reader);
  const { prepareZXingModule, readBarcodes } = window.ZXingWASM;
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement('canvas');
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, 800 / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = brush.getImageData(0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(picture, { formats: ['QRCode'], maxNumberOfSymbols: 1 });
    return found.filter((one) => one.isValid).map((one) => one.text);
  };
};

const EVERY = 120;        // milliseconds between looks
const SAME_AGAIN = 4000;  // a ticket held before the camera is one ticket

// startCamera(video, addresses, saw): calls saw(text) for each new code; answers a function that stops it.
export const startCamera = async (video, addresses, saw) => {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 } },
  });
  let running = true;
  const stop = () => {
    running = false;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    const read = await ownReader() ?? await vendoredReader(addresses);
    look(video, read, saw, () => running);
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
};

const look = async (video, read, saw, isRunning) => {
  let last = '';
  let lastAt = 0;
  while (isRunning()) {
    if (video.videoWidth) {
      for (const text of await read(video).catch(() => [])) {
        const at = performance.now();
        if (text !== last || at - lastAt > SAME_AGAIN) saw(text);
        [last, lastAt] = [text, at];
      }
    }
    await new Promise((resolve) => { setTimeout(resolve, EVERY); });
  }
};
