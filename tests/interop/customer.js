// A customer on node-smpp, a stack nobody here wrote. Binds, submits, waits for what comes, prints one JSON object.
// usage: node customer.js HOST:PORT SYSTEM_ID PASSWORD MODE   where MODE is "receipt", "mo" or "refuse".
// "mo" prints {"ready":true} once it is bound, so that the test knows when to send one.
'use strict';
const smpp = require('smpp');

const [address, systemId, password, mode] = process.argv.slice(2);
const limit = setTimeout(() => fail('nothing came within 30 s'), 30000);

// The gateway's vendor TLVs, as a customer would define them.
smpp.addTLV('client_message_id', { id: 0x1402, type: smpp.types.tlv.cstring });
smpp.addTLV('app_id', { id: 0x1403, type: smpp.types.tlv.cstring });
smpp.addTLV('conversation_id', { id: 0x1404, type: smpp.types.tlv.cstring });
smpp.addTLV('result_code', { id: 0x1405, type: smpp.types.tlv.int8 });
smpp.addTLV('delivery_id', { id: 0x1406, type: smpp.types.tlv.cstring });

const result = {};
const session = smpp.connect({ host: address.split(':')[0], port: Number(address.split(':')[1]) });
session.on('error', e => fail(e.message));
session.on('connect', () => session.bind_transceiver({ system_id: systemId, password }, onBound));
session.on('deliver_sm', onDeliver);
session.on('unbind', pdu => session.send(pdu.response()));

function onBound(pdu) {
  result.bind_status = pdu.command_status;
  result.bind_system_id = pdu.system_id;
  result.sc_interface_version = pdu.sc_interface_version;
  if (mode === 'refuse' || pdu.command_status !== 0) return finish();
  if (mode === 'mo') return console.log(JSON.stringify({ ready: true }));
  session.submit_sm({
    source_addr: '67890',
    destination_addr: '447700900123',
    registered_delivery: 1,
    short_message: 'from node-smpp',
    client_message_id: 'node-' + process.pid,
    conversation_id: 'talk-7',
  }, answer => {
    result.submit_status = answer.command_status;
    result.message_id = answer.message_id;
    if (answer.command_status !== 0) finish();
  });
}

function onDeliver(pdu) {
  session.send(pdu.response());
  result.deliver = {
    esm_class: pdu.esm_class,
    source_addr: pdu.source_addr,
    destination_addr: pdu.destination_addr,
    data_coding: pdu.data_coding,
    text: text(pdu.short_message),
    receipted_message_id: string(pdu.receipted_message_id),
    message_state: pdu.message_state,
    client_message_id: string(pdu.client_message_id),
    app_id: string(pdu.app_id),
    conversation_id: string(pdu.conversation_id),
    result_code: pdu.result_code,
    delivery_id: string(pdu.delivery_id),
  };
  finish();
}

function text(message) {
  const body = message && message.message !== undefined ? message.message : message;
  return Buffer.isBuffer(body) ? body.toString('latin1') : body;
}

function string(value) {
  return value === undefined ? null : String(value).replace(/\0$/, '');
}

function finish() {
  clearTimeout(limit);
  console.log(JSON.stringify(result));
  session.unbind(() => session.close());
  setTimeout(() => process.exit(0), 2000).unref();
}

function fail(reason) {
  console.log(JSON.stringify({ ...result, error: reason }));
  process.exit(1);
}
