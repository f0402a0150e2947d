// The engine keeps its WebAssembly in data: addresses; reading them here lets the page forbid
// connections to anywhere but its own server.
const ask = globalThis.fetch.bind(globalThis);
const DATA = /^data:(application\/wasm);base64,/;

globalThis.fetch = (input, init) => {
  const found = typeof input === 'string' ? DATA.exec(input) : null;
  if (found === null) return ask(input, init);
  const bytes = Uint8Array.from(atob(input.slice(found[0].length)), (c) => c.charCodeAt(0));
  return Promise.resolve(new Response(bytes, { headers: { 'Content-Type': found[1] } }));
};
