import './data-urls.js';
export { loadForm } from '@getodk/xforms-engine';
export { html, nothing, render } from 'lit-html';
export { live } from 'lit-html/directives/live.js';
export { repeat } from 'lit-html/directives/repeat.js';
