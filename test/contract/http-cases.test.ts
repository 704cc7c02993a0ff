// Every recorded HTTP case of Chalice passes over a real socket and against the handler itself, or stands in docs/parity.md.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { start, type TestCloud } from '../../src/testing/index.ts'
import * as app from '../fixtures/cases/http/app.ts'
import { hearErrors } from '../support/console.ts'
import { type Case, check, GATEWAY, MOVED, ON_REST, readCases, SENT } from './cases.ts'
import { openDirect } from './direct.ts'

const parity = readFileSync(new URL('../../docs/parity.md', import.meta.url), 'utf8')
/** The cases that docs/parity.md lists, with what Goblet does instead where the table can be checked. */
const listed = new Map(
  [...parity.matchAll(/^\| ([\w-]+) \| ([^|]+) \|/gm)].map(([, id = '', kind = '']) => [id, kind.trim()]),
)

const all = readCases('chalice-http')
const asked = all.filter((one) => one.request?.type === 'http' && !listed.has(one.id))
const others = [
  ...all.filter((one) => one.request?.type !== 'http'),
  ...readCases('sls-http'),
  ...readCases('contract-http'),
]

test('every other case stands in docs/parity.md, and nothing else does', () => {
  const ids = new Set(
    [...all, ...others, ...readCases('contract-cloud'), ...readCases('chalice-websocket')].map(({ id }) => id),
  )
  assert.deepEqual(
    others.filter(({ id }) => !listed.has(id)).map(({ id }) => id),
    [],
  )
  assert.deepEqual(
    [...listed.keys()].filter((id) => id !== 'case' && !ids.has(id)),
    [],
  )
})

test('every test that docs/parity.md names is there', () => {
  const files = new Set([...parity.matchAll(/`(test\/[\w/.-]+\.test\.ts)`/g)].map(([, file = '']) => file))
  assert.deepEqual(
    [...files].filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url))),
    [],
  )
})

const bodyOf = ({ request }: Case) => (request?.body === undefined ? {} : { body: request.body })
const pathOf = ({ id, request }: Case): string => MOVED[id] ?? request?.path ?? '/'
const requestOf = ({ id, request = {} }: Case): NonNullable<Case['request']> => ({
  ...request,
  headers: { ...request.headers, ...SENT[id] },
})

describe('over a real socket', () => {
  let http: TestCloud
  let rest: TestCloud
  before(async () => {
    http = await start('test/fixtures/cases/http/app.ts')
    rest = await start('test/fixtures/cases/rest/app.ts')
  })
  after(async () => {
    await http.close()
    await rest.close()
  })
  for (const one of asked) {
    test(`${one.id}: ${one.request?.method} ${pathOf(one)}`, async () => {
      const [cloud, stage] = ON_REST.has(one.id) ? [rest, '/api'] : [http, '']
      const { method = 'GET', headers = {} } = requestOf(one)
      const got = await cloud.http.request(method, stage + pathOf(one), { headers, ...bodyOf(one) })
      check(got, one.expect ?? {})
    })
  }
})

describe('against the handler', () => {
  const ask = openDirect(app)
  for (const one of asked.filter(({ id }) => !ON_REST.has(id) && !GATEWAY.has(id))) {
    test(`${one.id}: ${one.request?.method} ${pathOf(one)}`, async () => {
      using _ = hearErrors()
      check(await ask(pathOf(one), requestOf(one)), one.expect ?? {})
    })
  }
})
