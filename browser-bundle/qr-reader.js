// A stand-in for BarcodeDetector where the browser has none.
export { BarcodeDetector } from 'qr/decode.js';
