// middy with its router and its JSON body parser.
import middy from '@middy/core'
import jsonBody from '@middy/http-json-body-parser'
import router from '@middy/http-router'

const headers = { 'content-type': 'application/json' }
const json = (value) => ({ statusCode: 200, headers, body: JSON.stringify(value) })

export function build(extra) {
  const routes = [
    { method: 'GET', path: '/hello', handler: async () => json({ hello: 'world' }) },
    {
      method: 'POST',
      path: '/items/{id}',
      handler: middy(async (event) => json({ id: event.pathParameters.id, ...event.body })).use(jsonBody()),
    },
  ]
  for (let i = 0; i < extra; i++) {
    const handler = async (event) => json({ id: event.pathParameters.id, i })
    routes.push({ method: 'GET', path: `/r${i}/things/{id}/sub`, handler })
  }
  return middy(router(routes))
}
