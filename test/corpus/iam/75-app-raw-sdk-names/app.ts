import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { app, bucket, bus, queue, route, stream, table, topic } from 'goblet'
import { saveOrder } from './orders.ts'

export default app('shop', { env: { LOG: 'info' } })

export const orders = table('orders', { key: 'id' })
export const jobs = queue('jobs', { fifo: true })
export const news = topic('news')
export const photos = bucket('photos')
export const events = bus('events')
export const clicks = stream('clicks')

const s3 = new S3Client({})

export const order = route('POST /orders', async ({ json }) => {
  await saveOrder(orders.name, json)
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: jobs.url, MessageBody: 'x', MessageGroupId: 'a' }))
  await new SNSClient({}).send(new PublishCommand({ TopicArn: news.arn, Message: 'x' }))
  await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [{ EventBusName: events.name, Source: 'shop', DetailType: 'made', Detail: '{}' }] }))
  return { id: json.id }
})

export const photo = route('GET /photos/{key}', async ({ params }) => ({
  url: await getSignedUrl(s3, new GetObjectCommand({ Bucket: photos.name, Key: params.key })),
}))

export { worker } from './worker.ts'
