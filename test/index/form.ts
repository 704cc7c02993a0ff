// What the compiler knows of the form: this file is right when it compiles. Every expected error must be one.
import {
  app,
  BadRequestError,
  bucket,
  cron,
  HttpError,
  lambda,
  type Queue,
  queue,
  type Reply,
  type Route,
  rate,
  reply,
  route,
  schedule,
} from '../../src/index.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}

/** The result that a route carries. */
type ResultOf<R> = R extends Route<string, infer Result> ? Result : never
type PatternOf<R> = R extends Route<infer Pattern> ? Pattern : never

// Parameters come from the pattern.
export const both = route('GET /a/{b}/{c+}', ({ params }) => {
  same<typeof params, { readonly b: string; readonly c: string }>(true)
  // @ts-expect-error: the pattern has no `d`
  params.d
  // @ts-expect-error: parameters are not written
  params.b = ''
  return params.b + params.c
})
same<ResultOf<typeof both>, string>(true)
same<PatternOf<typeof both>, 'GET /a/{b}/{c+}'>(true)

export const none = route('GET /', ({ params }) => {
  // @ts-expect-error: the pattern has no parameters
  return params.id
})
export const many = route('GET|PUT /objects/{key}', ({ params }) => params.key)
export const withOptions = route('ANY /{rest+}', { isolate: true, memory: 1024 }, ({ params }) => params.rest)
same<ResultOf<typeof withOptions>, string>(true)

// The result is what the handler returns, awaited.
export const city = route('GET /cities/{city}', async ({ params }) => ({ city: params.city, size: 1 }))
same<ResultOf<typeof city>, { city: string; size: number }>(true)
export const nothing = route('DELETE /', () => {})
same<ResultOf<typeof nothing>, void>(true)
export const replied = route('POST /', () => reply({ id: 1 }, { status: 201 }))
same<ResultOf<typeof replied>, Reply<{ id: number }>>(true)

// What a request has.
export const asked = route('POST /asked', (request) => {
  same<typeof request.query.a, string | undefined>(true)
  same<typeof request.queryAll.a, readonly string[] | undefined>(true)
  same<typeof request.headers.a, string | undefined>(true)
  same<typeof request.text, string>(true)
  // @ts-expect-error: there is no such field
  request.querry
  // @ts-expect-error: a request is only read
  request.route = ''
})

// Options are closed.
// @ts-expect-error: a mistyped option of the app
app('shop', { memry: 512 })
// @ts-expect-error: a mistyped option of a stage
app('shop', { stages: { prod: { memry: 512 } } })
// @ts-expect-error: stages do not nest
app('shop', { stages: { prod: { stages: {} } } })
// @ts-expect-error: a runtime that Lambda has no more
app('shop', { runtime: 'nodejs18.x' })
// @ts-expect-error: environment variables are texts
app('shop', { env: { PORT: 8080 } })
// @ts-expect-error: memory is a number
app('shop', { memory: '512' })
// @ts-expect-error: an app has a name
app()
// @ts-expect-error: a mistyped option of a route
route('GET /', { isolated: true }, () => 1)
// @ts-expect-error: a route has a handler
route('GET /')
// @ts-expect-error: the handler comes last
route('GET /', () => 1, {})
// @ts-expect-error: a status is a number
reply(1, { status: '201' })
// @ts-expect-error: a mistyped option of a reply
reply(1, { stauts: 201 })
// @ts-expect-error: a mistyped option of a queue
queue('jobs', { visibillity: 30 })
// @ts-expect-error: a dead-letter queue is a handle
queue('jobs', { deadLetter: { after: 3, queue: 'failed' } })
// @ts-expect-error: a bucket has no option of a queue
bucket('photos', { fifo: true })
// @ts-expect-error: a unit that EventBridge does not have
rate(5, 'seconds')
// @ts-expect-error: fields are one text
cron(0, 3)
// @ts-expect-error: a mistyped option of a function
schedule('rate(1 day)', { time: 30 }, () => {})
// @ts-expect-error: a mistyped option of a function
lambda({ memry: 128 }, () => 1)

// A queue's messages.
export const jobs = queue<{ url: string; tries?: number }>('jobs')
same<typeof jobs, Queue<{ url: string; tries?: number }>>(true)
export const work = jobs.onMessage({ batchSize: 1 }, async (message, record) => {
  same<typeof message, { url: string; tries?: number }>(true)
  same<typeof record.body, string>(true)
  // @ts-expect-error: messages have no `uri`
  message.uri
})
export const batch = jobs.onBatch((items, context) => {
  for (const { message, record } of items) {
    same<typeof message.url, string>(true)
    same<typeof record.messageId, string>(true)
  }
  same<ReturnType<typeof context.getRemainingTimeInMillis>, number>(true)
  return { batchItemFailures: [] }
})
// @ts-expect-error: a mistyped option of a consumer
jobs.onMessage({ batchsize: 1 }, () => {})
export const untyped = queue('untyped').onMessage((message) => {
  same<typeof message, unknown>(true)
})

// Clients: none of this runs, it is only compiled.
export async function clients(): Promise<void> {
  const sent = await jobs.send({ url: 'https://example.com' }, { delay: 5 })
  same<typeof sent, { messageId: string }>(true)
  // @ts-expect-error: a message needs its url
  await jobs.send({})
  // @ts-expect-error: a message has nothing else
  await jobs.send({ url: '', other: 1 })
  // @ts-expect-error: a batch is a list
  await jobs.sendBatch({ url: '' })
  // @ts-expect-error: a mistyped option of send
  await jobs.send({ url: '' }, { delays: 5 })

  const object = await bucket('photos').get('a')
  same<typeof object extends { text: string } | undefined ? true : false, true>(true)
  // @ts-expect-error: there may be no such object
  object.text

  same<Awaited<ReturnType<typeof resize.invoke>>, { done: string }>(true)
  await resize.start({ key: 'a' })
  // @ts-expect-error: the payload has a key
  await resize.invoke({})
  // @ts-expect-error: the result has no `undone`
  ;(await resize.invoke({ key: 'a' })).undone
}

// A function's payload and result.
export const resize = lambda({ memory: 1024 }, async (payload: { key: string }, context) => {
  same<typeof context.functionName, string>(true)
  return { done: payload.key }
})

export const nightly = schedule(cron('0 3 * * ? *'), (event) => {
  same<typeof event.time, string>(true)
})

// Errors are classes with a status.
export const errors = [new BadRequestError('no'), new BadRequestError(), new HttpError(418, 'TeapotError')]
for (const { status, code } of errors) {
  same<typeof status, number>(true)
  same<typeof code, string>(true)
}
// @ts-expect-error: a status is a number
new HttpError('418', 'TeapotError')
