// The image pipeline: a message names a photograph, a function fetches and shrinks it, a bucket keeps it.
import { app, bucket, NotFoundError, queue, reply, route } from 'goblet'
import { compress, download } from './imager.ts'

export default app('my-app', { memory: 512, stages: { prod: { memory: 1024 } } })

interface Job {
  /** What to call it in the bucket. */
  filename: string
  /** Where the photograph is. */
  url: string
}

export const photos = bucket('photos')

// A job that fails three times is kept here, with the reason in the log of `build`.
export const failed = queue<Job>('imager-failed')
export const jobs = queue<Job>('imager-queue', { visibility: 5, deadLetter: { after: 3, queue: failed } })

export const build = jobs.onMessage({ batchSize: 1, timeout: 5 }, async ({ filename, url }) => {
  const original = await download(url, { megabytes: 20 })
  const small = await compress(original)
  await photos.put(filename, small, { contentType: 'image/webp', metadata: { from: url } })
  console.log(`${filename}: ${original.byteLength} -> ${small.byteLength} bytes`)
})

export const gallery = route('GET /', async () => {
  const names: string[] = []
  for await (const { key } of photos.list()) names.push(key)
  const images = names.map(
    (name) => `<a href="/photos/${name}"><img src="/photos/${name}" alt="${name}" height="240"></a>`,
  )
  const page = `<!doctype html><html lang="en"><title>Photos</title><h1>${names.length} photos</h1>${images.join('\n')}</html>`
  return reply(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
})

export const photo = route('GET /photos/{name}', async ({ params }) => {
  const found = await photos.get(params.name)
  if (found === undefined) throw new NotFoundError(params.name)
  return reply(found.bytes, { headers: { 'content-type': found.contentType } })
})
