// Every method of every handle is known to the engine, and the engine knows none that is not there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { METHODS } from '../../../src/build/permissions/goblet/methods.ts'
import { bucket, bus, lambda, param, queue, secret, stream, table, topic, websocket } from '../../../src/index.ts'

const HANDLES: Readonly<Record<string, object>> = {
  bucket: bucket('b'),
  queue: queue('q'),
  topic: topic('t'),
  table: table('t', { key: 'id' }),
  stream: stream('s'),
  bus: bus('b'),
  secret: secret('s'),
  param: param('p'),
  websocket: websocket('w'),
  lambda: lambda(() => undefined),
}

/** What declares functions and subscriptions asks AWS for nothing. */
const DECLARES = /^(?:on[A-Z]?\w*|to|route)$/

for (const [kind, handle] of Object.entries(HANDLES)) {
  test(`the methods of a ${kind}`, () => {
    const methods = Object.entries(Object.getOwnPropertyDescriptors(handle))
      .filter(([name, { value }]) => typeof value === 'function' && !DECLARES.test(name))
      .map(([name]) => name)
    assert.deepEqual(methods.sort(), Object.keys(METHODS[kind] ?? {}).sort())
  })
}

test('no kind of handle is missing, and none is made up', () => {
  // What a bucket's trigger hands over is no handle.
  const known = Object.keys(METHODS).filter((kind) => kind !== 'changed')
  assert.deepEqual(known.sort(), Object.keys(HANDLES).sort())
})
