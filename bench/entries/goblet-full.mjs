// Goblet with everything on: what each feature costs the requests of an app that uses all of them.
import { app, authorizer, route } from '../../dist/index.js'
import { wakeHttp } from '../../dist/runtime/triggers/http.js'

/** What the gateway adds to an event once the authorizer has let the caller pass. */
export const caller = { lambda: { principalId: 'u1', plan: 'pro' } }

const auth = authorizer(({ token }) => ({ allow: token === 'secret', principal: 'u1', context: { plan: 'pro' } }))

/** Middleware that reads who calls, so that `auth` is paid for. */
function known(input, next) {
  if (input.kind === 'http' && input.auth?.principal !== 'u1') throw new Error('The event has lost its caller.')
  return next()
}

const refused = (message) => ({ issues: [{ message }] })

// A validator by hand: the cost of validation is Goblet's share of it, not a library's.
const schema = (fits) => ({
  '~standard': {
    version: 1,
    vendor: 'bench',
    validate: (value) => (fits(value) ? { value } : refused('Not what this route takes.')),
  },
})
const params = schema(({ id }) => typeof id === 'string' && /^\d+$/.test(id))
const body = schema((item) => typeof item?.name === 'string' && typeof item.price === 'number')

const OPTIONS = {
  cors: { origins: ['https://example.com', 'https://www.example.com'] },
  use: [known],
  compress: true,
  onError: () => undefined,
}

export function build(extra) {
  const routes = [
    route('GET /hello', { auth }, () => ({ hello: 'world' })),
    route('POST /items/{id}', { auth, params, body }, (request) => ({ id: request.params.id, ...request.body })),
  ]
  for (let i = 0; i < extra; i++)
    routes.push(route(`GET /r${i}/things/{id}/sub`, { auth }, ({ params }) => ({ id: params.id, i })))
  return wakeHttp(app('bench', OPTIONS), Object.fromEntries(routes.map((one, index) => [`r${index}`, one])))
}
