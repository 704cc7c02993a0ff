// The limit: what a person would write by hand for this one app, with the route key that API Gateway has matched.

const headers = { 'content-type': 'application/json' }
const json = (value) => ({ statusCode: 200, headers, body: JSON.stringify(value) })

export function build(extra) {
  const others = new Map()
  for (let i = 0; i < extra; i++) others.set(`GET /r${i}/things/{id}/sub`, (id) => ({ id, i }))
  return async (event) => {
    switch (event.routeKey) {
      case 'GET /hello':
        return json({ hello: 'world' })
      case 'POST /items/{id}':
        return json({ id: event.pathParameters.id, ...JSON.parse(event.body) })
    }
    const other = others.get(event.routeKey)
    return other === undefined ? { statusCode: 404, headers, body: '{}' } : json(other(event.pathParameters.id))
  }
}
