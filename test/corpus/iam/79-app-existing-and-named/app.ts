import { app, bucket, lambda, queue, table, topic } from 'goblet'

export default app('audit-app')

export const users = table('legacy-users', { key: 'id', existing: true })
export const archive = bucket('archive', { existing: true, physicalName: 'company-archive' })
export const news = topic('arn:aws:sns:us-east-1:123456789012:company-news')
export const jobs = queue('jobs', { physicalName: 'named-queue' })

export const audit = lambda(async ({ id }: { id: string }) => {
  const user = await users.get(id)
  await archive.put(`${id}.json`, JSON.stringify(user))
  await news.publish('audited')
  await jobs.send({ id })
})
