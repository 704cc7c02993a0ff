import { app, bucket, route } from 'goblet'

export default app('pics')

export const photos = bucket('photos')
export const thumbs = bucket('thumbs')

export const thumb = photos.onCreated({ suffix: '.png' }, async (object) => {
  const stored = await object.get()
  if (stored === undefined) return
  await thumbs.put(object.key, stored.bytes.subarray(0, 10))
})

export const gone = photos.onRemoved(({ key }) => thumbs.delete(key))

export const upload = route('POST /photos/{key}', async ({ params }) => ({ url: await photos.url(params.key, { method: 'PUT', expires: 60 }) }))
export const show = route('GET /thumbs/{key}', async ({ params }) => ({ url: await thumbs.url(params.key) }))
