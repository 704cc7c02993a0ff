import { app, authorizer, group, type Middleware, route, secret, table, topic } from 'goblet'
import * as adminRoutes from './admin.ts'

export const visits = table('visits', { key: 'path' })
export const users = table('users', { key: 'id' })
export const alarms = topic('alarms')
export const key = secret('signing-key')

const counted: Middleware = async (input, next) => {
  if (input.kind === 'http') await visits.update(input.path, {}, { add: { count: 1 } })
  return next()
}

export default app('portal', {
  use: [counted],
  onError: async (error: unknown) => {
    await alarms.publish({ text: String(error) })
  },
})

export const token = authorizer({ header: 'authorization', ttl: 300 }, async ({ token: given }) => ({ allow: given === (await key.value()), principal: 'u1' }))

export const me = route('GET /users/{id}', { auth: token }, ({ params }) => users.get(params.id))
export const admin = group('/admin', { auth: token }, adminRoutes)
