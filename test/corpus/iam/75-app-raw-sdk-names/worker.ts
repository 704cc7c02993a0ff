import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import { lambda } from 'goblet'
import { clicks } from './app.ts'

export const worker = lambda(async () => {
  await new KinesisClient({}).send(new PutRecordCommand({ StreamName: clicks.name, PartitionKey: 'a', Data: new Uint8Array() }))
})
