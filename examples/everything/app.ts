// One shop with everything that can wake a function: an order goes through all of it, from the route that takes it to the report at night.
import {
  app,
  bucket,
  bus,
  ConditionError,
  ConflictError,
  lambda,
  NotFoundError,
  param,
  queue,
  reply,
  route,
  schedule,
  secret,
  stream,
  table,
  topic,
  websocket,
} from 'goblet'

export default app('everything', { memory: 256 })

interface Order {
  id: string
  customer: string
  items: string[]
  /** Cents. */
  total: number
  placed: number
  status: 'placed' | 'packed'
}

interface Step {
  order: string
  what: 'placed' | 'packed' | 'shipped'
}

// What the app owns.
export const currency = param('currency', { value: 'EUR' })
export const pepper = secret('pepper', { generate: { length: 40 } })
export const orders = table<Order, 'id', { byCustomer: ['customer', 'placed'] }>('orders', {
  key: 'id',
  types: { placed: 'N' },
  indexes: { byCustomer: ['customer', 'placed'] },
})
export const tallies = table('tallies', { key: 'what' })
export const shop = bus<{ OrderPlaced: { id: string; items: string[] } }>('shop')
export const lost = queue('lost')
export const packing = queue<{ id: string; items: string[] }>('packing', { deadLetter: { after: 3, queue: lost } })
export const slips = bucket('slips')
export const shipped = topic<{ id: string; slip: string }>('shipped')
export const steps = stream<Step>('steps', { shards: 2 })
export const counter = websocket('counter')
export const watchers = table<{ id: string }, 'id'>('watchers', { key: 'id' })

// Called by name: what an order costs.
export const price = lambda({ retries: 1, deadLetter: lost }, ({ items }: { items: string[] }) => ({
  total: items.length * 250,
}))

// A route takes the order …
export const place = route('POST /orders/{id}', async ({ params, json }) => {
  const { customer, items } = json
  const { total } = await price.invoke({ items })
  const order: Order = { id: params.id, customer, items, total, placed: Date.now(), status: 'placed' }
  try {
    await orders.put(order, { if: { id: { exists: false } } })
  } catch (error) {
    if (error instanceof ConditionError) throw new ConflictError(`The order ${params.id} has been placed before.`)
    throw error
  }
  return reply({ total, currency: await currency.value() }, { status: 201 })
})

// … the table tells that it is there …
export const notice = orders.onChange({ filter: { eventName: ['INSERT'] } }, async ({ new: order }) => {
  if (order === undefined) return
  await steps.put({ order: order.id, what: 'placed' }, { key: order.id })
  await shop.emit('OrderPlaced', { id: order.id, items: order.items })
})

// … the bus tells whoever wants to know …
export const pack = shop.on('OrderPlaced', async ({ detail }) => {
  await packing.send(detail)
})

// … the queue holds the work until it is done …
export const work = packing.onMessage({ batchSize: 1 }, async ({ id, items }) => {
  if (items.length === 0) throw new RangeError(`The order ${id} is empty.`)
  await orders.update(id, { status: 'packed' }, { if: { status: 'placed' } })
  await slips.put(`${id}.txt`, items.join('\n'))
})

// … the bucket tells of the packing slip …
export const ship = slips.onCreated({ suffix: '.txt' }, async ({ key }) => {
  const id = key.replace('.txt', '')
  await steps.put({ order: id, what: 'packed' }, { key: id })
  await shipped.publish({ id, slip: key })
})

// … the topic tells the customer …
export const mail = shipped.onMessage(async ({ id }) => {
  await steps.put({ order: id, what: 'shipped' }, { key: id })
  console.log(`To the customer of ${id}: it is on its way.`)
})

// … the stream counts every step, in the order in which it was made …
export const count = steps.onRecord({ from: 'horizon', batchSize: 50 }, async ({ order, what }) => {
  await tallies.update(what, {}, { add: { count: 1 } })
  const watching = await watchers.scan().all()
  const { gone } = await counter.sendAll(
    watching.map(({ id }) => id),
    { order, what },
  )
  for (const id of gone) await watchers.delete(id)
})

// … and whoever watches the counter sees it at once.
export const arrive = counter.on('watch', async ({ connectionId }) => {
  await watchers.put({ id: connectionId })
  return { watching: true }
})
export const leave = counter.onDisconnect(({ connectionId }) => watchers.delete(connectionId))

// At night somebody wants to see figures.
export const nightly = schedule({ cron: '0 3 * * ? *', timezone: 'Europe/Berlin' }, async () => {
  await report.start({ day: new Date().toISOString().slice(0, 10) })
})
export const report = lambda(async ({ day }: { day: string }) => {
  const all = await tallies.scan().all()
  await slips.put(
    `reports/${day}.json`,
    JSON.stringify(Object.fromEntries(all.map(({ what, count }) => [what, count]))),
  )
})

export const order = route('GET /orders/{id}', async ({ params }) => {
  const found = await orders.get(params.id)
  if (found === undefined) throw new NotFoundError(`There is no order ${params.id}.`)
  return found
})
export const history = route('GET /customers/{customer}/orders', ({ params }) =>
  orders.query({ customer: params.customer }, { index: 'byCustomer', reverse: true }).all(),
)
export const figures = route('GET /figures', () => tallies.scan().all())
export const reports = route('GET /reports', async () => {
  const names: string[] = []
  for await (const { key } of slips.list({ prefix: 'reports/' })) names.push(key)
  return names
})
export const peppered = route('GET /pepper', async () => (await pepper.value()).length)
