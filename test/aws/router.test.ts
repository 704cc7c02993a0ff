// How API Gateway chooses a route: documented rows, the order of precedence, hostile paths, and a naive matcher that must agree.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Router } from '../../src/aws/router.ts'
import { type Random, seeded } from '../support/random.ts'

interface Case {
  readonly id: string
  readonly service: string
  readonly given: { readonly routes: readonly string[]; readonly stage: string }
  readonly when: { readonly request: string }
  readonly expect: {
    readonly routeKey?: string
    readonly pathParameters?: Readonly<Record<string, string>> | null
    readonly status?: number
  }
}

const rows: readonly Case[] = JSON.parse(readFileSync(new URL('../cases/http.json', import.meta.url), 'utf8'))
// Left out: http-stage-1 and http-stage-2, which are about the stage's part of the path.
const cases = rows.filter(({ id, service }) => service === 'httpapi.routing' && !id.startsWith('http-stage-'))

const split = (request: string): [method: string, path: string] => {
  const space = request.indexOf(' ')
  return [request.slice(0, space), request.slice(space + 1)]
}

function routerOf(...routes: string[]): Router<string> {
  const router = new Router<string>()
  for (const route of routes) router.add(...split(route), route)
  return router
}

/** `route {params}`, or undefined. */
function chosen(router: Router<string>, request: string): string | undefined {
  const match = router.match(...split(request))
  if (match === undefined) return undefined
  assert.equal(match.route, match.value)
  return match.params === undefined ? match.route : `${match.route} ${JSON.stringify(match.params)}`
}

describe('documented rows', () => {
  for (const { id, given, when, expect } of cases) {
    it(`${id}: ${when.request}`, () => {
      const match = routerOf(...given.routes.filter((route) => route !== '$default')).match(...split(when.request))
      // What no route matches goes to `$default`, and without one is not found.
      const key = match?.route ?? (given.routes.includes('$default') ? '$default' : undefined)
      assert.equal(key, expect.routeKey)
      assert.deepEqual({ ...match?.params }, { ...expect.pathParameters })
    })
  }
})

// Each: routes, then requests and what they get.
const PRECEDENCE: readonly [routes: string[], expected: Record<string, string | undefined>][] = [
  [
    ['GET /a', 'GET /{x}', 'GET /{p+}'],
    { 'GET /a': 'GET /a', 'GET /b': 'GET /{x} {"x":"b"}', 'GET /a/b': 'GET /{p+} {"p":"a/b"}', 'GET /': undefined },
  ],
  [['ANY /a', 'GET /a', 'ANY /{x}'], { 'GET /a': 'GET /a', 'PUT /a': 'ANY /a', 'PUT /b': 'ANY /{x} {"x":"b"}' }],
  // An exact path of another method does not hide the routes behind it.
  [['GET /a', 'ANY /{p+}'], { 'POST /a': 'ANY /{p+} {"p":"a"}' }],
  [
    ['GET /a/b', 'POST /a/{x}', 'ANY /{p+}'],
    { 'POST /a/b': 'POST /a/{x} {"x":"b"}', 'PUT /a/b': 'ANY /{p+} {"p":"a/b"}' },
  ],
  // The more exact path wins before the method does.
  [['ANY /a', 'GET /{x}'], { 'GET /a': 'ANY /a' }],
  // A full match comes before every greedy one, wherever the greedy one begins.
  [['GET /a/{p+}', 'GET /{x}/b'], { 'GET /a/b': 'GET /{x}/b {"x":"a"}', 'GET /a/c': 'GET /a/{p+} {"p":"c"}' }],
  [
    ['GET /a/{p+}', 'ANY /{x}/{y}', 'GET /{q+}'],
    {
      'GET /a/b': 'ANY /{x}/{y} {"x":"a","y":"b"}',
      'GET /a/b/c': 'GET /a/{p+} {"p":"b/c"}',
      'GET /b/c/d': 'GET /{q+} {"q":"b/c/d"}',
    },
  ],
  // Going back from a branch that leads nowhere, with the values it had taken given back.
  [
    ['GET /a/b/c', 'GET /a/{x}/d', 'GET /{y}/b/e', 'GET /{y}/{z}/{w}'],
    {
      'GET /a/b/d': 'GET /a/{x}/d {"x":"b"}',
      'GET /a/b/e': 'GET /{y}/b/e {"y":"a"}',
      'GET /a/b/f': 'GET /{y}/{z}/{w} {"y":"a","z":"b","w":"f"}',
    },
  ],
  // Methods may call the same parameter by different names.
  [
    ['GET /a/{id}', 'PUT /a/{name}'],
    { 'GET /a/1': 'GET /a/{id} {"id":"1"}', 'PUT /a/1': 'PUT /a/{name} {"name":"1"}', 'DELETE /a/1': undefined },
  ],
]

describe('precedence', () => {
  for (const [routes, expected] of PRECEDENCE)
    for (const [request, route] of Object.entries(expected))
      it(`${request} of ${routes.join(', ')}`, () => {
        assert.equal(chosen(routerOf(...routes), request), route)
        assert.equal(chosen(routerOf(...routes.toReversed()), request), route)
      })
})

describe('paths as they are sent', () => {
  it('tells /a from /a/, and takes no parameter of nothing', () => {
    const router = routerOf('GET /a', 'GET /b/', 'GET /c/{x}', 'GET /d/{p+}')
    assert.equal(chosen(router, 'GET /a/'), undefined)
    assert.equal(chosen(router, 'GET /b'), undefined)
    assert.equal(chosen(router, 'GET /b/'), 'GET /b/')
    assert.equal(chosen(router, 'GET /c/'), undefined)
    assert.equal(chosen(router, 'GET /c//'), undefined)
    assert.equal(chosen(router, 'GET /d'), undefined)
    assert.equal(chosen(router, 'GET /d/'), undefined)
    assert.equal(chosen(router, 'GET /d/e/'), 'GET /d/{p+} {"p":"e/"}')
    assert.equal(chosen(router, 'GET /d/e//f'), 'GET /d/{p+} {"p":"e//f"}')
  })

  it('decodes parameters once, and leaves malformed escapes alone', () => {
    const router = routerOf('GET /{x}', 'GET /g/{p+}')
    const x = (sent: string): string | undefined => router.match('GET', `/${sent}`)?.params?.x
    assert.equal(x('S%C3%A3o%20Paulo'), 'São Paulo')
    assert.equal(x('a%2Fb'), 'a/b')
    assert.equal(x('100%2525'), '100%25')
    assert.equal(x('a+b'), 'a+b')
    assert.equal(x('%Fth'), '%Fth')
    assert.equal(x('%'), '%')
    assert.equal(x('%C3'), '%C3')
    assert.equal(router.match('GET', '/g/a%2Fb/c%20d')?.params?.p, 'a/b/c d')
  })

  it('takes names of Object.prototype for plain names', () => {
    const router = routerOf('GET /a/{__proto__}', 'GET /b/{constructor}/{toString}', 'GET /__proto__', 'GET /c/{p+}')
    assert.equal(chosen(router, 'GET /a/x'), 'GET /a/{__proto__} {"__proto__":"x"}')
    assert.equal(chosen(router, 'GET /b/x/y'), 'GET /b/{constructor}/{toString} {"constructor":"x","toString":"y"}')
    assert.equal(chosen(router, 'GET /__proto__'), 'GET /__proto__')
    assert.equal(chosen(router, 'GET /constructor'), undefined)
    assert.equal(chosen(router, 'GET /hasOwnProperty'), undefined)
    assert.equal(chosen(router, '__proto__ /a'), undefined)
    assert.equal(chosen(router, 'constructor /c/x'), undefined)
    const params = router.match('GET', '/c/x')?.params
    assert.equal(params?.toString, undefined)
    assert.equal(params?.hasOwnProperty, undefined)
  })

  it('is not confused by what is no path', () => {
    const router = routerOf('GET /', 'GET /{p+}')
    for (const path of ['', '*', 'http:', ' '])
      assert.doesNotThrow(() => router.match('GET', path), `the path ${JSON.stringify(path)}`)
    assert.equal(new Router().match('GET', '/'), undefined)
  })
})

describe('long paths', () => {
  // Deep backtracking at every segment: `a` is an exact segment and a parameter, and nothing matches in the end.
  const routes = Array.from({ length: 8 }, (_, bits) =>
    [0, 1, 2].map((bit) => (bits & (1 << bit) ? 'a' : `{p${bit}}`)).join('/'),
  )
  const router = routerOf(...routes.map((path) => `GET /${path}/end`), 'GET /x/{p+}', 'POST /{q+}')

  const LENGTH = 100_000
  const hostile: Readonly<Record<string, string>> = {
    slashes: '/'.repeat(LENGTH),
    'short segments': '/a'.repeat(LENGTH / 2),
    'one segment': `/${'a'.repeat(LENGTH)}`,
    'long segments': `/${'a'.repeat(LENGTH / 4)}`.repeat(4),
    escapes: '/%41'.repeat(LENGTH / 4),
    'malformed escapes': `/a/${'%'.repeat(LENGTH)}`,
  }
  for (const [name, path] of Object.entries(hostile)) {
    it(`takes time by the length of the path: ${name}`, () => {
      const start = performance.now()
      for (let time = 0; time < 20; time++) {
        assert.equal(router.match('GET', path), undefined)
        assert.equal(router.match('GET', `/x${path}/y`)?.route, 'GET /x/{p+}')
      }
      // Linear work takes some 10 ms here; work by the square of the length takes minutes.
      assert.ok(performance.now() - start < 2000, `took ${performance.now() - start} ms`)
    })
  }
})

/** The rules, said as directly as can be: every route is tried, the matching ones are ranked. */
function naive(routes: readonly string[], method: string, path: string): string | undefined {
  const segments = path.split('/').slice(1)
  const ranked = routes.flatMap((route) => {
    const [own, pattern] = split(route)
    const parts = pattern.split('/').slice(1)
    const greedy = parts.at(-1)?.endsWith('+}') === true
    if (own !== method && own !== 'ANY') return []
    const heads = greedy ? parts.slice(0, -1) : parts
    if (greedy ? segments.slice(heads.length).join('/') === '' : segments.length !== parts.length) return []
    const fits = heads.every((part, index) =>
      part.startsWith('{') ? segments[index] !== '' : part === segments[index],
    )
    if (!fits || segments.length < heads.length) return []
    const kinds = parts.map((part) => (part.endsWith('+}') ? '3' : part.startsWith('{') ? '2' : '1')).join('')
    return [{ route, rank: `${greedy ? 1 : 0} ${kinds} ${own === 'ANY' ? 1 : 0}` }]
  })
  return ranked.sort((left, right) => (left.rank < right.rank ? -1 : 1))[0]?.route
}

const METHODS = ['GET', 'PUT', 'ANY'] as const
const shape = (route: string): string => route.replace(/\{[^}+]*/g, '{')

function randomRoutes(random: Random): string[] {
  const routes = new Map<string, string>()
  for (let count = 1 + random.whole(12); count > 0; count--) {
    const parts = Array.from({ length: 1 + random.whole(4) }, (_, index) =>
      random.pick(['a', 'b', 'c', `{p${index}}`, `{q${index}}`] as const),
    )
    const end = random.pick(['', '', '', '/{rest+}', '/'] as const)
    const route = `${random.pick(METHODS)} /${parts.join('/')}${end}`
    routes.set(shape(route), route)
  }
  return [...routes.values()]
}

const randomPath = (random: Random): string =>
  Array.from({ length: 1 + random.whole(5) }, () => `/${random.pick(['a', 'b', 'c', 'd', ''] as const)}`).join('')

it('agrees with a naive matcher on random routes and paths', () => {
  const random = seeded(20_200_312)
  let matched = 0
  for (let round = 0; round < 1500; round++) {
    const routes = randomRoutes(random)
    const router = routerOf(...routes)
    for (let time = 0; time < 12; time++) {
      const method = random.pick(['GET', 'PUT', 'DELETE'] as const)
      const path = randomPath(random)
      const match = router.match(method, path)
      assert.equal(match?.route, naive(routes, method, path), `${method} ${path} of ${routes.join(', ')}`)
      if (match === undefined) continue
      matched++
      // The parameters put back into the pattern give the path.
      const [, pattern] = split(match.route)
      assert.equal(
        pattern.replace(/\{(\w+)\+?\}/g, (_, name: string) => match.params?.[name] ?? '?'),
        path,
      )
    }
  }
  assert.ok(matched > 2000, `only ${matched} requests matched a route`)
})
