// The recorded HTTP cases again, asked of the very app deployed to MiniStack: one suite, two clouds.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openHttp } from '../../src/testing/http.ts'
import judges from '../cases/judges.json' with { type: 'json' }
import { type Case, check, MOVED, ON_REST, readCases, SENT } from '../contract/cases.ts'
import { excused } from '../contract/parity.ts'
import { openPlace, type Place } from '../support/deployed.ts'
import { isInstalled } from '../support/peers.ts'

/** Where MiniStack does something else than AWS recorded, and what. A row that no longer holds fails the test. */
const DIFFERS: Readonly<Record<string, string | undefined>> = judges.ministack

const skip = isInstalled('ministack') ? false : 'ministack is not installed'
const asked = readCases('chalice-http').filter((one) => one.request?.type === 'http' && !excused.has(one.id))
const pathOf = ({ id, request }: Case): string => MOVED[id] ?? request?.path ?? '/'

describe('deployed to MiniStack', { skip, timeout: 170_000 }, () => {
  let place: Place
  const urls = { http: '', rest: '' }
  before(async () => {
    place = await openPlace()
    for (const door of ['http', 'rest'] as const) {
      const project = await place.project('test/fixtures/cases', door)
      urls[door] = (await project.deploy('--no-smoke', '--stage', door)).urls.api
    }
  })
  after(() => place[Symbol.asyncDispose]())
  for (const one of asked) {
    test(`${one.id}: ${one.request?.method} ${pathOf(one)}`, async () => {
      const { origin, pathname } = new URL(ON_REST.has(one.id) ? urls.rest : urls.http)
      const http = openHttp(origin)
      const { method = 'GET', headers = {}, body } = one.request ?? {}
      const given = { headers: { ...headers, ...SENT[one.id] }, ...(body === undefined ? {} : { body }) }
      const got = await http.request(method, pathname + pathOf(one), given)
      http.close()
      const known = DIFFERS[one.id]
      if (known === undefined) check(got, one.expect ?? {})
      else assert.throws(() => check(got, one.expect ?? {}), Error, `${one.id} holds by now: ${known}`)
    })
  }
})
