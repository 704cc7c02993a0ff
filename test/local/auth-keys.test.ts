// API keys and their usage plan, on a virtual clock.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { UsagePlanModel } from '../../src/model/index.ts'
import { asking, type Opened, openGuards, toAsked } from '../support/guards.ts'

const HOUR = 3600_000

function open(usagePlan?: UsagePlanModel): { guards: Opened; call: (key?: string) => Promise<string> } {
  const guards = openGuards('rest', {
    apiKeys: ['partner', 'other'],
    ...(usagePlan === undefined ? {} : { usagePlan }),
  })
  const call = async (key?: string): Promise<string> => {
    const headers: Record<string, string> = key === undefined ? {} : { 'X-Api-Key': key }
    const verdict = await guards.authorize(toAsked('rest', { kind: 'none' }, '/', { headers, apiKey: true }))
    if (verdict.passed) return `passed ${verdict.identity?.apiKey}`
    return `${verdict.status} ${verdict.headers['x-amzn-errortype']} ${verdict.body}`
  }
  return { guards, call }
}

const FORBIDDEN = '403 ForbiddenException {"message":"Forbidden"}'
const THROTTLED = '429 TooManyRequestsException {"message":"Too Many Requests"}'
const EXHAUSTED = '429 LimitExceededException {"message":"Limit Exceeded"}'

describe('an API key', () => {
  it('must be one of the app', async () => {
    const { call } = open()
    for (const key of [undefined, '', 'nobody', '__proto__', 'partner,other']) assert.equal(await call(key), FORBIDDEN)
    assert.equal(await call('partner'), 'passed partner')
  })

  it('is asked for after the authorizer', async () => {
    const guards = openGuards('rest', { apiKeys: ['partner'] })
    const verdict = await guards.authorize(
      toAsked('rest', asking('x'), '/', { apiKey: true, headers: { 'x-api-key': 'partner' } }),
    )
    assert.ok(!verdict.passed)
    assert.equal(verdict.status, 401)
  })

  it('may call as fast as the plan says, each for itself', async () => {
    const { guards, call } = open({ rate: 2, burst: 3, quota: undefined })
    for (let count = 0; count < 3; count++) assert.equal(await call('partner'), 'passed partner')
    assert.equal(await call('partner'), THROTTLED)
    assert.equal(await call('other'), 'passed other')
    await guards.clock.advance(500)
    assert.equal(await call('partner'), 'passed partner')
    assert.equal(await call('partner'), THROTTLED)
    await guards.clock.advance(60_000)
    for (let count = 0; count < 3; count++) assert.equal(await call('partner'), 'passed partner')
    assert.equal(await call('partner'), THROTTLED)
  })

  it('may call as often as the plan says, until the period ends', async () => {
    // The clock begins on Wednesday 2026-06-10 at noon.
    for (const [period, until] of [
      ['day', 12],
      ['week', 84],
      ['month', 20 * 24 + 12],
    ] as const) {
      const { guards, call } = open({ rate: undefined, burst: undefined, quota: { limit: 2, period } })
      for (let count = 0; count < 2; count++) assert.equal(await call('partner'), 'passed partner')
      assert.equal(await call('partner'), EXHAUSTED)
      assert.equal(await call('other'), 'passed other')
      await guards.clock.advance(until * HOUR - 1)
      assert.equal(await call('partner'), EXHAUSTED, period)
      await guards.clock.advance(1)
      assert.equal(await call('partner'), 'passed partner', period)
    }
  })
})
