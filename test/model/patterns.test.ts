// Routes and schedules in the model: patterns, duplicates, and the function that routes share.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complaintsOf, declared, modelOf } from '../support/declared.ts'

const { route, schedule, lambda } = declared

const PATTERNS: Readonly<Record<string, RegExp | undefined>> = {
  'GET /': undefined,
  'ANY /files/{path+}': undefined,
  'GET|PUT|DELETE /objects/{key}': undefined,
  'GET /a/': undefined,
  "GET /a.b,c:d~e@f!$&'()*+;=%20-_": undefined,
  'GET /{__proto__}/{_x}/{a1}': undefined,
  '': /is not a method, one space and a path/,
  '/a': /is not a method, one space and a path/,
  GET: /is not a method, one space and a path/,
  'GET  /a': /is not a method, one space and a path/,
  ' GET /a': /is not a method, one space and a path/,
  'GET /a b': /is not a method, one space and a path/,
  'get /a': /has the method "get"; the methods are GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY/,
  'TRACE /a': /has the method "TRACE"/,
  'GET| /a': /has the method ""/,
  '$default /': /has the method "\$default"/,
  'GET a': /has a path that does not begin with \//,
  'GET //a': /has an empty segment/,
  'GET /a//b': /has an empty segment/,
  'GET /ping': /keeps for its own health checks/,
  'GET /sping': /keeps for its own health checks/,
  'GET /a?b': /has characters in "a\?b" that a path cannot hold unencoded/,
  'GET /a#b': /has characters in "a#b"/,
  'GET /é': /has characters in "é"/,
  'GET /a\\b': /has characters in/,
  'GET /a-{b}': /has "a-\{b\}", but a parameter is a whole segment/,
  'GET /{b}.json': /a parameter is a whole segment/,
  'GET /{a}{b}': /a parameter is a whole segment/,
  'GET /{}': /has "\{\}", but/,
  'GET /{a': /has "\{a", but/,
  'GET /{1a}': /has "\{1a\}", but/,
  'GET /{a-b}': /has "\{a-b\}", but/,
  'GET /{a+}/b': /has \{a\+\} before its end; a greedy parameter comes last/,
  'GET /{a}/{a}': /has two parameters called a/,
  'GET /{a}/{a+}': /has two parameters called a/,
  [`GET /${'a'.repeat(511)}`]: undefined,
  [`GET /${'a'.repeat(512)}`]: /has a path of 513 characters, where 512 are allowed/,
}

describe('patterns', () => {
  it('takes /ping on a REST API, whose stage stands before it', () => {
    assert.deepEqual(complaintsOf([route('index', 'GET /ping')], { options: { api: 'rest' } }), [])
  })

  for (const [pattern, problem] of Object.entries(PATTERNS)) {
    it(`${problem === undefined ? 'takes' : 'refuses'} ${pattern.slice(0, 60)}`, () => {
      const complaints = complaintsOf([route('index', pattern)])
      if (problem === undefined) return assert.deepEqual(complaints, [])
      const [one] = complaints
      assert.deepEqual([complaints.length, one?.code, one?.where?.line], [1, 'GOBLET_BAD_PATTERN', 2])
      assert.match(one?.message ?? '', problem)
      assert.ok(one?.message.startsWith(`The route \`${pattern}\` `))
      assert.match(one?.mend ?? '', /^A route reads like 'GET \/cities\/\{city\}'/)
    })
  }
})

describe('duplicates', () => {
  const twice = (first: string, second: string): string[] =>
    complaintsOf([route('one', first), route('two', second)]).map(
      ({ code, message, where }) => `${where?.line} ${code} ${message}`,
    )

  it('are routes of the same method and shape', () => {
    const said = (route: string): string[] => [
      `3 GOBLET_DUPLICATE_ROUTE ${route} is declared twice; the first one is at app.ts:2.`,
    ]
    assert.deepEqual(twice('GET /a', 'GET /a'), said('GET /a'))
    assert.deepEqual(twice('GET /a/{b}', 'GET /a/{c}'), said('GET /a/{c}'))
    assert.deepEqual(twice('GET /{b+}', 'GET /{c+}'), said('GET /{c+}'))
    assert.deepEqual(twice('GET|PUT /a', 'PUT|POST /a'), said('PUT /a'))
    assert.deepEqual(twice('ANY /a', 'ANY /a'), said('ANY /a'))
    const [one] = complaintsOf([route('one', 'GET|GET /a')])
    assert.equal(one?.message, 'GET /a is declared twice; the first one is at app.ts:2.')
  })

  it('are not routes that API Gateway tells apart', () => {
    for (const [first, second] of [
      ['GET /a', 'PUT /a'],
      ['GET /a', 'ANY /a'],
      ['GET /a', 'GET /a/'],
      ['GET /{b}', 'GET /{b+}'],
      ['GET /a/{b}', 'GET /{a}/b'],
    ] as const)
      assert.deepEqual(twice(first, second), [], `${first} and ${second}`)
  })

  it('count whether routes share a function or not', () => {
    const declarations = [route('one', 'GET /a', { isolate: true }), route('two', 'GET /a')]
    assert.equal(complaintsOf(declarations)[0]?.code, 'GOBLET_DUPLICATE_ROUTE')
  })
})

describe('functions', () => {
  const functionsOf = (...declarations: Parameters<typeof modelOf>[0]) =>
    modelOf(declarations).functions.map(({ name, exports }) => `${name}: ${exports.join(' ')}`)

  it('routes share one, isolated ones do not', () => {
    assert.deepEqual(
      functionsOf(route('a', 'GET /a'), route('b', 'GET /b', { isolate: true }), route('c', 'GET /c'), lambda('d')),
      ['api: a c', 'b: b', 'd: d'],
    )
  })

  it('a route may be exported as `api`, alone or among others', () => {
    assert.deepEqual(functionsOf(route('api', 'ANY /{p+}')), ['api: api'])
    assert.deepEqual(functionsOf(route('api', 'ANY /{p+}'), route('health', 'GET /health')), ['api: api health'])
    assert.deepEqual(functionsOf(route('health', 'GET /health'), route('api', 'ANY /{p+}')), ['api: health api'])
  })

  it('what has a function of its own may be called `api` only where no routes share one', () => {
    assert.deepEqual(functionsOf(lambda('api')), ['api: api'])
    assert.deepEqual(functionsOf(lambda('api'), route('a', 'GET /a', { isolate: true })), ['api: api', 'a: a'])
    for (const own of [lambda('api'), route('api', 'GET /own', { isolate: true }), schedule('api', 'rate(1 day)')])
      for (const declarations of [
        [own, route('a', 'GET /a'), route('b', 'GET /b')],
        [route('a', 'GET /a'), route('b', 'GET /b'), own],
      ]) {
        const complaints = complaintsOf(declarations)
        assert.deepEqual(
          complaints.map(({ code, where }) => [code, where?.line]),
          [['GOBLET_BAD_NAME', declarations.indexOf(own) + 2]],
        )
        assert.match(complaints[0]?.message ?? '', /`api`, is taken by the function that routes share/)
        assert.equal(complaints[0]?.mend, 'Export it under another name.')
      }
  })
})

describe('schedules', () => {
  it('are EventBridge’s', () => {
    assert.deepEqual(
      complaintsOf([
        schedule('a', 'rate(5 minutes)'),
        schedule('b', 'cron(0 3 * * ? *)'),
        schedule('c', 'at(2030-01-01T00:00:00)'),
      ]),
      [],
    )
    const [one] = complaintsOf([schedule('nightly', 'cron(0 3 * * *)')])
    assert.deepEqual([one?.code, one?.where?.line], ['GOBLET_BAD_SCHEDULE', 2])
    assert.match(one?.message ?? '', /^The schedule `cron\(0 3 \* \* \*\)` has 5 fields/)
    assert.match(one?.mend ?? '', /^A schedule reads like 'rate\(5 minutes\)'/)
    for (const expression of ['', 'rate(0 minutes)', 'rate(1 minutes)', 'at(2030-02-31T00:00:00)', '0 3 * * *'])
      assert.equal(complaintsOf([schedule('a', expression)])[0]?.code, 'GOBLET_BAD_SCHEDULE', expression)
  })
})
