import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';

const kinesis = new KinesisClient({});
const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value));

export const putAll = (StreamName: string, values: object[]) =>
  kinesis.send(new PutRecordsCommand({ StreamName, Records: values.map((value, index) => ({ PartitionKey: `${index}`, Data: encode(value) })) }));
export const put = (StreamName: string, value: object) =>
  kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: encode(value) }));
