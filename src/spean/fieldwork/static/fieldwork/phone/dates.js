/** Days as people write them. */

import { digits } from './form/words.js';

// Phones' browsers rarely know Khmer dates, so that we write them ourselves.
export const dayOf = (date, app) =>
  `${digits(date.getDate(), app.language)} ${app.words.months[date.getMonth()]} ${digits(date.getFullYear(), app.language)}`;

export const momentOf = (date, app) =>
  `${dayOf(date, app)} ${digits(`${date.getHours()}:${String(date.getMinutes()).padStart(2, '0')}`, app.language)}`;

export const day = (iso, app) => dayOf(new Date(`${iso.slice(0, 10)}T00:00`), app);
