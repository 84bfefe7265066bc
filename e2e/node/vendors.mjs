// Sends one SMS with a vendor's own library: node vendors.mjs brevo|smsgate URL KEY|USER [PASSWORD]. It prints what the library answers.
import {BrevoClient} from '@getbrevo/brevo';
import smsgate from 'android-sms-gateway';

const [vendor, url, user, password] = process.argv.slice(2);
const to = '+33639981234', text = 'Rendez-vous à 14h, 5 €';

async function brevo() {
  const client = new BrevoClient({apiKey: user, baseUrl: url + '/v3'});
  const r = await client.transactionalSms.sendAsyncTransactionalSms({sender: 'Passeur', recipient: to.slice(1), content: text, type: 'transactional'});
  return r.data ?? r;
}

async function gate() {
  const Client = smsgate.default ?? smsgate;
  const call = (method) => async (address, ...rest) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(rest[0]);
    const headers = rest[rest.length - 1];
    const r = await fetch(address, {method, headers, body});
    if (!r.ok) throw new Error(String(r.status));
    return r.json();
  };
  const http = {get: call('GET'), post: call('POST'), put: call('PUT'), patch: call('PATCH'), delete: call('DELETE')};
  return new Client(user, password, http, url).send({message: text, phoneNumbers: [to]});
}

try {
  console.log(JSON.stringify({ok: await (vendor === 'brevo' ? brevo() : gate())}));
} catch (e) {
  console.log(JSON.stringify({error: String(e.statusCode ?? e.message)}));
}
