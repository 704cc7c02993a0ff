// Path parameters of a REST API under other names: the template in between, which clashes with neither.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bridgeOf } from '../../src/deploy/template/apis/rest-bridge.ts'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Template } from '../../src/deploy/template.ts'
import { declared, modelOf } from '../support/declared.ts'
import { problemsOf } from '../support/specification.ts'
import { makingOf } from '../support/stack.ts'
import { ofType } from '../support/template.ts'

const templateOf = (...patterns: readonly string[]): Template =>
  toTemplate(
    makingOf(
      modelOf(
        patterns.map((pattern, index) => declared.route(`route${index}`, pattern)),
        { options: { api: 'rest', cors: true, usagePlan: { rate: 5 } } },
      ),
    ),
  )

const pathsIn = (template: Template): string[] =>
  Object.values(ofType(template, 'AWS::ApiGateway::Resource'))
    .map((one) => String(one.Properties?.PathPart))
    .sort()

// What CreateResource refuses, while both are there: CloudFormation removes what left at the end of an update.
function clashes(before: Template, after: Template): string[] {
  const both = Object.values({
    ...ofType(before, 'AWS::ApiGateway::Resource'),
    ...ofType(after, 'AWS::ApiGateway::Resource'),
  })
  const places = both.flatMap(({ Properties = {} }) =>
    String(Properties.PathPart).startsWith('{') ? [JSON.stringify(Properties.ParentId)] : [],
  )
  return places.filter((place, index) => places.indexOf(place) !== index)
}

test('a parameter with another name goes over a bridge, while the old deployment stays live', async () => {
  const before = templateOf('GET /cities/{city}', 'GET /cities/{city}/parts/{part}', 'GET /users/{user}')
  const after = templateOf('GET /cities/{name}', 'PUT /cities/{name}/parts/{part}', 'GET /users/{user}', 'GET /new')
  assert.notDeepEqual(clashes(before, after), [])
  const bridge = bridgeOf(before, after)
  assert.ok(bridge)
  assert.deepEqual(await problemsOf(bridge), [])
  assert.deepEqual(clashes(before, bridge), [])
  assert.deepEqual(clashes(bridge, after), [])
  assert.deepEqual(pathsIn(bridge), ['cities', 'new', 'users', '{user}'])
  // The stage stays where it is, at the copy that was taken of the old paths.
  const deployment = Object.keys(ofType(before, 'AWS::ApiGateway::Deployment'))
  assert.deepEqual(Object.keys(ofType(bridge, 'AWS::ApiGateway::Deployment')), deployment)
  assert.deepEqual(bridge.Resources.RestStage, before.Resources.RestStage)
  assert.deepEqual(bridge.Resources.UsagePlan, after.Resources.UsagePlan)
  assert.deepEqual(bridge.Resources.FunctionApi, after.Resources.FunctionApi)
})

test('a greedy parameter in place of a plain one goes over it, too', () => {
  const [before, after] = [templateOf('GET /files/{file}'), templateOf('GET /files/{file+}')]
  const bridge = bridgeOf(before, after)
  assert.deepEqual(bridge === undefined ? undefined : pathsIn(bridge), ['files'])
})

test('nothing else needs one', () => {
  const before = templateOf('GET /cities/{city}', 'GET /users/{user}')
  for (const after of [
    before,
    templateOf('GET /cities/{city}/parts', 'GET /users/{user}'),
    templateOf('GET /cities/{city}', 'GET /guests/{guest}'),
    templateOf('GET /towns/{town}'),
  ])
    assert.equal(bridgeOf(before, after), undefined)
  assert.equal(bridgeOf({ ...before, Resources: {} }, before), undefined)
})
