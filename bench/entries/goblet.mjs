// Goblet as it is published: the declarations a user writes, woken as a generated entry wakes them.
import { app, route } from '../../dist/index.js'
import { wakeHttp } from '../../dist/runtime/triggers/http.js'

export function build(extra) {
  const routes = [
    route('GET /hello', () => ({ hello: 'world' })),
    route('POST /items/{id}', ({ params, json }) => ({ id: params.id, ...json })),
  ]
  for (let i = 0; i < extra; i++)
    routes.push(route(`GET /r${i}/things/{id}/sub`, ({ params }) => ({ id: params.id, i })))
  return wakeHttp(app('bench'), Object.fromEntries(routes.map((one, index) => [`r${index}`, one])))
}
