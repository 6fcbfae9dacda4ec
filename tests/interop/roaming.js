// A customer on node-smpp that is bound to several nodes and leaves all but one of them.
// usage: node roaming.js HOST:PORT,HOST:PORT,... SYSTEM_ID PASSWORD
// Binds to all, submits one MT at the first with registered_delivery=1, and once it is answered unbinds from every node but the
// last. Prints a JSON line for each thing that happens; ends when it is killed.
'use strict';
const smpp = require('smpp');

const [addresses, systemId, password] = process.argv.slice(2);
smpp.addTLV('client_message_id', { id: 0x1402, type: smpp.types.tlv.cstring });
smpp.addTLV('delivery_id', { id: 0x1406, type: smpp.types.tlv.cstring });

const nodes = addresses.split(',').map(address => ({ address }));
let submittedAt = 0;

for (const node of nodes) {
  node.session = smpp.connect({ host: node.address.split(':')[0], port: Number(node.address.split(':')[1]) });
  node.session.on('error', e => say({ error: e.message, at: node.address }));
  node.session.on('connect', () => node.session.bind_transceiver({ system_id: systemId, password }, pdu => bound(node, pdu)));
  node.session.on('unbind', pdu => node.session.send(pdu.response()));
  node.session.on('deliver_sm', pdu => {
    node.session.send(pdu.response());
    say({
      deliver: pdu.esm_class === 4 ? 'receipt' : 'mo',
      at: node.address,
      ms: Date.now() - submittedAt,
      text: text(pdu.short_message),
      receipted_message_id: string(pdu.receipted_message_id),
      delivery_id: string(pdu.delivery_id),
    });
  });
}

function bound(node, pdu) {
  node.bound = pdu.command_status === 0;
  say({ bind_status: pdu.command_status, at: node.address });
  if (nodes.every(n => n.bound)) submit();
}

function submit() {
  nodes[0].session.submit_sm({
    source_addr: '67890',
    destination_addr: '447700900321',
    registered_delivery: 1,
    short_message: 'from a roaming customer',
    client_message_id: 'roaming-' + process.pid,
  }, async answer => {
    submittedAt = Date.now();
    say({ submit_status: answer.command_status, message_id: answer.message_id });
    for (const node of nodes.slice(0, -1)) await new Promise(done => node.session.unbind(() => node.session.close(done)));
    say({ alone: true, at: nodes[nodes.length - 1].address });
  });
}

function text(message) {
  const body = message && message.message !== undefined ? message.message : message;
  return Buffer.isBuffer(body) ? body.toString('latin1') : body;
}

function string(value) {
  return value === undefined ? null : String(value).replace(/\0$/, '');
}

function say(what) {
  console.log(JSON.stringify(what));
}
