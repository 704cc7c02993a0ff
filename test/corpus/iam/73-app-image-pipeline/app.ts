import { app, bucket, queue, route, schedule } from 'goblet'

export default app('imager', { memory: 512 })

export const photos = bucket('photos')
export const jobs = queue<{ filename: string; url: string }>('imager-queue')

export const build = jobs.onMessage({ batchSize: 1 }, async ({ filename, url }) => {
  const original = await fetch(url)
  await photos.put(filename, new Uint8Array(await original.arrayBuffer()), { contentType: 'image/webp' })
})

export const submit = route('POST /photos', async ({ json }) => {
  await jobs.send(json)
  return { queued: true }
})

export const list = route('GET /photos', async () => {
  const keys: string[] = []
  for await (const { key } of photos.list()) keys.push(key)
  return keys
})

export const nightly = schedule('cron(0 3 * * ? *)', async () => {
  for await (const { key } of photos.list({ prefix: 'tmp/' })) await photos.delete(key)
})
