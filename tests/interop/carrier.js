// A carrier on node-smpp, a stack nobody here wrote: takes binds, gives ids, sends one receipt per MT by text alone (no TLVs).
// usage: node carrier.js HOST:PORT    prints one JSON object per event.
'use strict';
const smpp = require('smpp');

const [host, port] = process.argv[2].split(':');
let next = 1;
setTimeout(() => process.exit(2), 120000).unref();

const server = smpp.createServer(session => {
  session.on('error', () => {});
  session.on('pdu', pdu => {
    switch (pdu.command) {
      case 'bind_transceiver':
        session.send(pdu.response({ system_id: 'node-carrier' }));
        break;
      case 'submit_sm': {
        const id = 'js-' + next++;
        session.send(pdu.response({ message_id: id }));
        say({ submit: text(pdu.short_message), to: pdu.destination_addr, from: pdu.source_addr, registered: pdu.registered_delivery });
        const now = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
        session.deliver_sm({
          source_addr: pdu.destination_addr,
          destination_addr: pdu.source_addr,
          esm_class: 4,
          short_message: `id:${id} sub:001 dlvrd:001 submit date:${now} done date:${now} stat:DELIVRD err:000 text:`,
        }, answer => say({ receiptAnswer: answer.command_status }));
        break;
      }
      case 'enquire_link':
      case 'unbind':
        session.send(pdu.response());
        break;
    }
  });
});
server.on('error', error => { say({ error: error.message }); process.exit(1); });
server.listen(Number(port), host, () => say({ listening: true }));

function text(message) {
  const body = message && message.message !== undefined ? message.message : message;
  return Buffer.isBuffer(body) ? body.toString('latin1') : body;
}

function say(what) {
  console.log(JSON.stringify(what));
}
