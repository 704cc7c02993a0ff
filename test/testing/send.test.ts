// Sending from a test: to queues and topics, by handle, export and name.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { queue, topic } from '../../src/index.ts'
import { start } from '../../src/testing/index.ts'

const APP = `import { app, queue, route, topic } from 'goblet'
export default app('shop')
export const orders = topic<{ id: number }>('their-orders')
export const steps = topic<{ id: number }>('steps', { fifo: true })
export const audits = queue<{ id: number }>('audits')
export const ordered = queue<{ id: number }>('ordered', { fifo: true })
export const mail = orders.onMessage({ filter: { kind: ['order'] } }, ({ id }, { Sns }) => console.log('mail', id, Sns.Subject))
export const copies = orders.to(audits, { filter: { id: [{ numeric: ['>', 1] }] }, filterScope: 'MessageBody' })
export const wrapped = steps.to(ordered, { raw: false })
export const audit = audits.onMessage({ filter: { body: { id: [2, 3] } } }, ({ id }) => console.log('audit', id))
export const index = route('POST /{id}', async ({ params }) => {
  const { messageId } = await orders.publish({ id: Number(params.id) }, { subject: 'Web', attributes: { kind: 'order' } })
  const { messageIds } = await steps.publishBatch([{ id: 6 }, { id: 7 }], { group: 'web' })
  return [messageId, ...messageIds]
})
export const walk = ordered.onMessage((message) => console.log('walk', message.Type, message.Message))
`

it('reaches everybody who is subscribed, by their filters', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'goblet-send-'))
  await writeFile(join(folder, 'app.ts'), APP)
  const cloud = await start(join(folder, 'app.ts'))
  try {
    const orders = topic<{ id: number }>('their-orders')
    await cloud.send(orders, { id: 1 }, { subject: 'New', attributes: { kind: 'order', weight: 3 } })
    await cloud.send('orders', { id: 2 })
    const sent = await cloud.send('their-orders', { id: 4 })
    assert.match(sent.messageId, /^[0-9a-f-]{36}$/)
    await cloud.send('steps', { id: 5 }, { group: 'g' })
    const answer = await cloud.http.post('/3')
    assert.equal(answer.status, 200, answer.text)
    assert.equal(new Set(answer.json).size, 3)
    await cloud.settle()
    assert.deepEqual(
      ['mail', 'audit', 'walk'].map((name) =>
        cloud
          .logs(name)
          .map((line) => line.split('\t').at(-1))
          .sort(),
      ),
      [['mail 1 New', 'mail 3 Web'], ['audit 2', 'audit 3'], [5, 6, 7].map((id) => `walk Notification {"id":${id}}`)],
    )
    await assert.rejects(
      cloud.send(topic('odrers'), {}),
      /no queue, topic, stream or bus `odrers`\. Did you mean `orders`\?\n.*orders/,
    )
    // A queue and a topic may have one name.
    await assert.rejects(cloud.send(queue('steps'), {}), /no queue, topic, stream or bus `steps`/)
  } finally {
    await cloud.close()
    await rm(folder, { recursive: true })
  }
})
