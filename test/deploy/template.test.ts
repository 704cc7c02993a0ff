// Templates as a whole: AWS's specification knows everything in them, they hang together, and they stay as they are.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { logicalId } from '../../src/deploy/ids.ts'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Making } from '../../src/deploy/template/making.ts'
import { toTags } from '../../src/deploy/template/tags.ts'
import type { Template } from '../../src/deploy/template.ts'
import { RESOURCE_KINDS } from '../../src/model/index.ts'
import { problemsOf, specification } from '../support/specification.ts'
import { ofType, propertiesOf, readMaking } from '../support/template.ts'

const foldersOf = (path: string): string[] =>
  readdirSync(new URL(`../../${path}`, import.meta.url), { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? [`${path}/${one.name}`] : [],
  )

const apps = [...foldersOf('examples'), ...foldersOf('templates')].map((folder) => [folder, 'app.ts'] as const)

for (const [folder, entry] of [...apps, ['test/fixtures/deploy', 'wide.ts'] as const]) {
  describe(`the template of ${folder}`, () => {
    let making: Making
    let template: Template
    before(async () => {
      making = await readMaking(folder, entry)
      template = toTemplate(making)
    })

    it('is what AWS takes, and hangs together', async () => {
      assert.deepEqual(await problemsOf(template), [])
    })

    it('has for every function itself, its role, its log and its alias', () => {
      for (const { name, physicalName, role } of making.model.functions) {
        const [made] = Object.entries(ofType(template, 'AWS::Lambda::Function')).filter(
          ([, one]) => one.Properties?.FunctionName === physicalName,
        )
        assert.ok(made !== undefined, name)
        const alias = Object.values(ofType(template, 'AWS::Lambda::Alias')).find(
          (one) => JSON.stringify(one.Properties?.FunctionName) === JSON.stringify({ Ref: made[0] }),
        )
        assert.deepEqual([alias?.Properties?.Name, alias?.Properties?.FunctionVersion], ['live', '$LATEST'])
        assert.equal(typeof made[1].Properties?.Role, role === undefined ? 'object' : 'string')
      }
    })

    it('allows what was derived, on what is the app’s, and nothing local', () => {
      const text = JSON.stringify(template.Resources)
      assert.equal(text.includes('000000000000'), false)
      for (const one of making.model.resources)
        if (one.kind === 'websocket' && !one.existing) assert.equal(text.includes(one.apiId), false)
      for (const [name, { grants }] of making.permissions) {
        if (making.model.functions.find((one) => one.name === name)?.role !== undefined) continue
        const allowed = allowedIn(propertiesOf(template, logicalId('Role', name)))
        const alias = (action: string, arn: string): string[] =>
          action === 'lambda:InvokeFunction' && !arn.endsWith(':live') ? [`${action} ${arn}:live`] : []
        const granted = grants
          .filter((one) => !one.resource.includes(':execute-api:'))
          .flatMap(({ action, resource }) => [`${action} ${resource}`, ...alias(action, resource)])
        assert.deepEqual(
          allowed.filter((one) => !one.includes('execute-api')),
          [...new Set(granted)].sort(),
        )
      }
    })

    it('is the same, byte by byte, for the same app', async () => {
      const again = toTemplate(await readMaking(folder, entry))
      assert.equal(JSON.stringify(again), JSON.stringify(template))
    })
  })
}

function allowedIn(role: ReturnType<typeof propertiesOf>): string[] {
  const policies: { PolicyDocument: { Statement: { Action: string[]; Resource: unknown[] }[] } }[] = JSON.parse(
    JSON.stringify(role.Policies ?? []),
  )
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) =>
        Resource.map((one) => `${action} ${typeof one === 'string' ? one : JSON.stringify(one)}`),
      ),
    )
    .sort()
}

describe('what is added to an app', () => {
  it('leaves everything else as it was', async () => {
    const making = await readMaking('test/fixtures/deploy', 'wide.ts')
    const all = toTemplate(making).Resources
    const { model } = making
    // One function fewer, with what wakes it.
    for (const { name } of model.functions.filter((one) => one.name !== 'done')) {
      const functions = model.functions.filter((one) => one.name !== name)
      const triggers = model.triggers.filter((one) => one.function !== name)
      const rest = toTemplate({ ...making, model: { ...model, functions, triggers } }).Resources
      const own = Object.entries(rest).filter(([id]) => all[id] === undefined)
      assert.deepEqual(own, [], name)
      const changed = Object.entries(rest).filter(([id, one]) => JSON.stringify(one) !== JSON.stringify(all[id]))
      // A bucket names who listens to it, and a queue who sends to it.
      for (const [id, one] of changed)
        assert.match(one.Type, /^AWS::(S3::Bucket|SQS::QueuePolicy|ApiGatewayV2::Stage)$/, id)
    }
  })

  it('cannot share its id with something else', () => {
    const names = ['a', 'A', 'a-b', 'aB', 'a.b', 'a_b', 'policyA', 'roleA', '1', 'x'.repeat(300), `${'x'.repeat(299)}y`]
    const whats = ['Role', 'SchedulerRole', 'Schedule', 'Queue', 'SqsPolicy', 'S3Policy', 'ManagedPolicy', 'Permission']
    const ids = whats.flatMap((what) => names.map((name) => logicalId(what, name)))
    assert.equal(new Set(ids).size, ids.length)
    for (const id of ids) assert.match(id, /^[A-Za-z0-9]{1,255}$/)
    assert.notEqual(logicalId('Route', 'a', 'b'), logicalId('Route', 'ab'))
  })
})

describe('what ids begin with', () => {
  it('is never the beginning of another, or names would make one id of the two', () => {
    const folder = new URL('../../src/deploy/', import.meta.url)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const found = files.flatMap((name) => [
      ...readFileSync(new URL(name, folder), 'utf8').matchAll(/logicalId\('([A-Za-z0-9]+)'/g),
    ])
    const kinds = RESOURCE_KINDS.map((kind) => kind.charAt(0).toUpperCase() + kind.slice(1))
    // Outputs have names of their own.
    const outputs = ['FunctionUrl', 'WebsocketUrl']
    const all = [...new Set([...found.map(([, what = '']) => what), ...kinds])].filter((one) => !outputs.includes(one))
    assert.ok(all.length > 30)
    for (const one of all)
      for (const other of all)
        assert.equal(
          one !== other && /^[A-Z]/.test(other.slice(one.length)) && other.startsWith(one),
          false,
          `${one} ${other}`,
        )
  })
})

describe('the checks of these tests', () => {
  const bad = async (Type: string, Properties: object): Promise<string[]> => {
    const parsed: Template['Resources'] = JSON.parse(JSON.stringify({ One: { Type, Properties } }))
    return problemsOf({ AWSTemplateFormatVersion: '2010-09-09', Description: '', Resources: parsed })
  }

  it('find what AWS would not take', async () => {
    assert.match(String(await bad('AWS::SQS::Cue', {})), /no such type/)
    assert.match(String(await bad('AWS::SQS::Queue', { QueueNam: 'a' })), /QueueNam is no property/)
    assert.match(String(await bad('AWS::SQS::Queue', { DelaySeconds: 'a' })), /DelaySeconds is "a", no/)
    assert.match(String(await bad('AWS::Lambda::Alias', { Name: 'live' })), /FunctionName is missing/)
    assert.match(String(await bad('AWS::SQS::Queue', { QueueName: { Ref: 'Two' } })), /names Two, which is not/)
    assert.match(String(await bad('AWS::SQS::Queue', { QueueName: { 'Fn::GetAtt': ['One', 'Arm'] } })), /for Arm/)
    assert.match(String(await bad('AWS::SQS::Queue', { QueueName: { Ref: 'One' } })), /A circle: One → One/)
  })
})

describe('tags', () => {
  it('are put in the form that each type takes them', async () => {
    const db = await specification()
    const known = [...db.all('resource')]
    const forms = new Map(known.map((one) => [one.cloudFormationType, one.tagInformation]))
    for (const type of forms.keys()) {
      const { Tags } = toTags(type, { team: 'shop' })
      if (Tags === undefined) continue
      const form = forms.get(type)
      assert.equal(form?.tagPropertyName, 'Tags', type)
      assert.equal(Array.isArray(Tags) ? 'standard' : 'map', form?.variant, type)
    }
  })

  it('are on everything that can have them, and a function’s own win', async () => {
    const making = await readMaking('test/fixtures/deploy', 'wide.ts')
    const template = toTemplate(making)
    const db = await specification()
    const without = Object.entries(template.Resources).filter(
      ([id, { Type, Properties }]) =>
        !id.startsWith('Resource') &&
        Properties?.Tags === undefined &&
        db.lookup('resource', 'cloudFormationType', 'equals', Type)[0]?.tagInformation !== undefined,
    )
    assert.deepEqual([...new Set(without.map(([, { Type }]) => Type))], [])
    assert.deepEqual(propertiesOf(template, 'FunctionResize').Tags, [
      { Key: 'team', Value: 'shop' },
      { Key: 'cost', Value: 'images' },
    ])
  })
})
