// What handlers are typed as: this file is checked by the compiler, and runs for form's sake.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { authorizer, group, type Params, type RouteInput, route } from '../../src/index.ts'
import { toSchema } from '../support/schema.ts'

type Same<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false
const same = <Left, Right>(is: Same<Left, Right>): void => assert.equal(is, true)

const text = toSchema((value): { city: string } | string => (value === 1 ? { city: '' } : 'no')).schema
const token = authorizer(async () => ({ allow: true, principal: 'u', context: { plan: 'pro' } }))

it('types follow from the pattern, the schemas and the authorizer', () => {
  same<Params<'GET /a/{b}/{c+}'>, { readonly b: string; readonly c: string }>(true)
  const plain = route('GET /a/{b}', ({ params, query }) => {
    same<typeof params, Params<'GET /a/{b}'>>(true)
    same<typeof query.x, string | undefined>(true)
    return { b: params.b }
  })
  same<NonNullable<typeof plain.result>, { b: string }>(true)
  const full = route('PUT /a/{b}', { body: text, query: text, auth: token }, async ({ params, body, query, auth }) => {
    same<typeof params, Params<'PUT /a/{b}'>>(true)
    same<typeof body.city, string>(true)
    same<typeof query.city, string>(true)
    same<typeof auth.context.plan, string>(true)
    return 1
  })
  same<NonNullable<typeof full.result>, number>(true)
  same<NonNullable<typeof full.input>, RouteInput<typeof text, typeof text, undefined, undefined>>(true)
  same<NonNullable<typeof full.input>['body'], { city: string }>(true)
  // @ts-expect-error there is no such parameter
  route('GET /a/{b}', ({ params }) => params.c)
  // @ts-expect-error there is no such option
  route('GET /b', { memry: 1 }, () => 1)
  // @ts-expect-error there is no such option of a group
  group('/a', { prefix: '/' }, {})
  same<typeof mounted.prefix, '/a'>(true)
})

const mounted = group('/a', { auth: token }, { one: route('GET /', () => 1) })
