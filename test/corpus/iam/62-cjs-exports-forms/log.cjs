const { KinesisClient, PutRecordCommand, PutRecordsCommand } = require('@aws-sdk/client-kinesis');
const kinesis = new KinesisClient({});

module.exports = function log(value) {
  console.log(JSON.stringify(value));
};
module.exports.ship = (value) =>
  kinesis.send(new PutRecordCommand({ StreamName: 'events', PartitionKey: 'a', Data: Buffer.from(JSON.stringify(value)) }));
module.exports.shipAll = (values) =>
  kinesis.send(new PutRecordsCommand({ StreamName: 'events', Records: values.map((v) => ({ PartitionKey: 'a', Data: Buffer.from(v) })) }));
