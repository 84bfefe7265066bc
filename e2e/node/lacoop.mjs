// Opens links to forms of La Coop as La Coop does, with npm's pako and superjson: one link a line in; one JSON object out, {form, state} or {error}.
import {createInterface} from 'node:readline';
import {inflate} from 'pako';
import superjson from 'superjson';

function open(line) {
  const login = new URL(line);
  if (login.pathname !== '/connexion') throw new Error('leads to ' + login.pathname);
  const form = new URL(login.searchParams.get('suivant'), login);
  const packed = atob(form.searchParams.get('v').replaceAll('-', '+').replaceAll('_', '/'));
  const state = superjson.parse(inflate(Uint8Array.from(packed, (c) => c.codePointAt(0)), {to: 'string'}));
  return {form: form.pathname, state};
}

for await (const line of createInterface({input: process.stdin})) {
  try {
    console.log(JSON.stringify(open(line)));
  } catch (e) {
    console.log(JSON.stringify({error: String(e.message ?? e)}));
  }
}
