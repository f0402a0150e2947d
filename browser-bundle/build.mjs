// Bundles what the pages on the phone load from packages: ODK's XForms engine with lit-html, and a
// reader of QR codes.
import { build } from 'esbuild';

const vendor = process.argv[2] ?? '../src/spean/kernel/static/vendor';
const how = { bundle: true, minify: true, format: 'esm', target: ['es2022'], charset: 'utf8', legalComments: 'none' };

await build({ ...how, entryPoints: ['entry.js'], outfile: `${vendor}/odk-xforms/odk-xforms.js` });
await build({ ...how, entryPoints: ['qr-reader.js'], outfile: `${vendor}/qr/qr-reader.js` });
