import { app, bucket, bus, lambda, param, schedule, secret, stream, topic } from 'goblet'

export default app('office')

export const reports = bucket('reports')
export const news = topic('news')
export const events = bus('events')
export const standard = bus()
export const clicks = stream<{ page: string }>('clicks', { shards: 1 })
export const currency = param('currency', { value: 'EUR' })
export const external = secret('office/external', { existing: true, local: 'x' })

export const morning = schedule({ cron: '0 8 ? * MON-FRI *', timezone: 'Europe/Berlin', input: { kind: 'daily' } }, async ({ kind }) => {
  await write.start({ kind })
})

export const write = lambda(async ({ kind }: { kind: string }) => {
  const [unit, code] = await Promise.all([currency.value(), external.value()])
  return { kind, unit, code: code.length, old: (await reports.get('old.txt'))?.text }
})

export const fan = lambda(async ({ text }: { text: string }) => {
  await news.publish({ text }, { subject: 'news' })
  await events.emit('made', { text })
  await standard.emit('seen', { text })
  await clicks.putBatch([{ page: text }])
  await clicks.put({ page: text }, { key: 'a' })
})

export const copy = reports.onCreated({ prefix: 'in/' }, async (object) => {
  await reports.copy(object.key, 'copy.txt')
})
