import { app, bucket, lambda, param, table } from 'goblet'
import { limit } from './limit.ts'

export default app('late')

export const reports = bucket('reports')
export const rows = table('rows', { key: 'id' })
export { limitParam } from './limit.ts'

export const quick = lambda(async () => limit())
export const slow = lambda(async () => {
  const { write } = await import('./report.ts')
  return write(await limit())
})
