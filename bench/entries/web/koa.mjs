// A Koa app with the routes of the benchmark, matched by hand as Koa has no router of its own.
import Koa from 'koa'

export function make(extra) {
  const app = new Koa()
  app.use(async (context) => {
    const [, first, second] = context.path.split('/')
    if (context.path === '/hello') context.body = { hello: 'world' }
    else if (first === 'items') {
      let text = ''
      for await (const chunk of context.req) text += chunk
      context.body = { id: second, ...JSON.parse(text) }
    } else context.body = { id: '42', i: Number(first.slice(1)) % (extra || 1) }
  })
  return app
}
