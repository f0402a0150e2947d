// Bundles ODK's XForms engine and lit-html into the one file that the pages on the phone load.
import { build } from 'esbuild';

await build({
  entryPoints: ['entry.js'],
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'none',
  outfile: process.argv[2] ?? 'odk-xforms.js',
});
