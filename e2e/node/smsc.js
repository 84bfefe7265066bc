// An operator's SMPP 3.4 server, played by a test: node smsc.js PORT. It prints one JSON line for each part that it gets and obeys one
// JSON line on its input: {"from","to","text"} is an SMS of a person. The last digit of a number chooses what becomes of a message:
// 4 expires, 5 cannot be delivered, 6 is refused, 7 is throttled once, any other arrives.
'use strict';
const smpp = require('smpp');
const readline = require('readline');

const tell = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const finals = {4: 'EXPIRED', 5: 'UNDELIV'};
const throttled = new Set();
let session, count = 0;

function textOf(pdu) {
  const m = pdu.short_message.message;
  return Buffer.isBuffer(m) ? m.toString('latin1') : m;
}

function partOf(pdu) {
  const udh = pdu.short_message.udh && pdu.short_message.udh[0];
  if (!udh) return {part: 1, of: 1};
  const b = Buffer.from(udh);
  return {part: b[b.length - 1], of: b[b.length - 2]};
}

function submitted(s, pdu) {
  const to = pdu.destination_addr, digit = to.slice(-1);
  if (digit === '6') return s.send(pdu.response({command_status: smpp.ESME_RINVDSTADR}));
  if (digit === '7' && !throttled.has(to)) {
    throttled.add(to);
    return s.send(pdu.response({command_status: smpp.ESME_RTHROTTLED}));
  }
  const id = String(++count);
  s.send(pdu.response({message_id: id}));
  tell({to, text: textOf(pdu), coding: pdu.data_coding, ...partOf(pdu)});
  if (!pdu.registered_delivery) return;
  const stat = finals[digit] || 'DELIVRD', err = stat === 'DELIVRD' ? '000' : '017';
  s.deliver_sm({esm_class: 4, source_addr: to, destination_addr: pdu.source_addr,
    short_message: `id:${id} sub:001 dlvrd:00${stat === 'DELIVRD' ? 1 : 0} submit date:2611221000 done date:2611221001 stat:${stat} err:${err} text:`});
}

smpp.createServer((s) => {
  const bind = (pdu) => { session = s; s.send(pdu.response({system_id: 'testsmsc'})); tell({bound: true}); };
  s.on('error', () => {});
  for (const name of ['bind_transceiver', 'bind_receiver', 'bind_transmitter']) s.on(name, bind);
  s.on('enquire_link', (pdu) => s.send(pdu.response()));
  s.on('unbind', (pdu) => { s.send(pdu.response()); s.close(); });
  s.on('submit_sm', (pdu) => submitted(s, pdu));
}).listen(Number(process.argv[2]), '127.0.0.1', () => tell({listening: true}));

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const {from, to, text} = JSON.parse(line);
  const plain = /^[\x20-\x7e\n]*$/.test(text);
  session.deliver_sm({source_addr_ton: 1, source_addr_npi: 1, source_addr: from, destination_addr: to,
    data_coding: plain ? 0 : 8, short_message: plain ? text : {message: text}});
});
