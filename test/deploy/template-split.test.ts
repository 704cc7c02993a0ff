// Apps that one template cannot hold: their parts are templates of their own, and together the same as the whole.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import { replaced } from '../../src/deploy/template/references.ts'
import { type Split, split } from '../../src/deploy/template/split.ts'
import type { Properties, Template, TemplateResource, Value } from '../../src/deploy/template.ts'
import type { DescribedFunction, DescribedResource, Description, Options } from '../../src/model/index.ts'
import { circlesOf, problemsOf } from '../support/specification.ts'
import { describedMaking, readMaking } from '../support/template.ts'

const GIVEN = { prefix: 'shop/dev/templates/', url: 'https://artifacts.example.com/shop/dev/templates/' }

const parted = (template: Template, limit: number, previous?: Template): Split =>
  split(template, { ...GIVEN, limit, previous })

/** Every resource with its part. */
function placesIn({ template, nested }: Split): Map<string, string> {
  const places = new Map(Object.keys(template.Resources).map((id) => [id, '']))
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::CloudFormation::Stack') continue
    const part = nested.get(String(Properties?.TemplateURL).replace(GIVEN.url, GIVEN.prefix))
    assert.ok(part !== undefined, `${id} is uploaded`)
    for (const one of Object.keys(part.Resources)) {
      assert.equal(places.has(one), false, `${one} is in one part`)
      places.set(one, id)
    }
  }
  return places
}

/** The parts put together again, with what they hand each other in its place. */
function together(given: Split): Template['Resources'] {
  const { template, nested } = given
  const stacks = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::CloudFormation::Stack')
  const partOf = (id: string): Template => {
    const url = String(stacks.find(([one]) => one === id)?.[1].Properties?.TemplateURL)
    return nested.get(url.replace(GIVEN.url, GIVEN.prefix)) ?? assert.fail(id)
  }
  const fromRoot = (value: Value): Value =>
    replaced(value, ({ id, attribute }) => {
      const name = attribute?.startsWith('Outputs.') ? attribute.slice('Outputs.'.length) : undefined
      return name === undefined ? undefined : (partOf(id).Outputs?.[name]?.Value ?? assert.fail(`${id} ${name}`))
    })
  const own = Object.entries(template.Resources).filter(([, { Type }]) => Type !== 'AWS::CloudFormation::Stack')
  const all = own.map(([id, one]): [string, TemplateResource] => [id, rewritten(one, fromRoot)])
  for (const [id, { Properties: stack }] of stacks) {
    const given: unknown = stack?.Parameters
    const values = new Map(Object.entries(typeof given === 'object' && given !== null ? given : {}))
    const fromPart = (value: Value): Value =>
      replaced(value, (reference) => {
        const handed = reference.attribute === undefined ? values.get(reference.id) : undefined
        return handed === undefined ? undefined : fromRoot(handed)
      })
    for (const [one, resource] of Object.entries(partOf(id).Resources)) all.push([one, rewritten(resource, fromPart)])
  }
  return Object.fromEntries(all)
}

// What is waited for is compared apart: a part waits as a whole.
function rewritten({ DependsOn: _, ...one }: TemplateResource, to: (value: Value) => Value): TemplateResource {
  if (one.Properties === undefined) return one
  const entries = Object.entries(one.Properties).map(([name, value]): [string, Value] => [name, to(value)])
  const properties: Properties = Object.fromEntries(entries)
  return { ...one, Properties: properties }
}

async function check(given: Split, whole: Template, limit: number): Promise<void> {
  const all = together(given)
  const same = Object.keys(whole.Resources).sort()
  assert.deepEqual(Object.keys(all).sort(), same)
  for (const id of same) {
    const { DependsOn: _, ...one } = whole.Resources[id] ?? assert.fail(id)
    assert.deepEqual(all[id], one, id)
  }
  for (const [name, part] of [['', given.template] as const, ...given.nested]) {
    assert.deepEqual(await problemsOf(part), [], name)
    assert.ok(Object.keys(part.Resources).length <= limit, `${name} has ${Object.keys(part.Resources).length}`)
  }
  waits(given, whole)
}

/** What waits for something still does, itself or with its part. */
function waits(given: Split, whole: Template): void {
  const places = placesIn(given)
  for (const [id, { DependsOn = [] }] of Object.entries(whole.Resources))
    for (const need of DependsOn) {
      const [part, there] = [places.get(id), places.get(need)]
      const node = part === '' || part === there ? id : (part ?? '')
      const resources = part === there && part !== '' ? inPart(given, part ?? '') : given.template.Resources
      const after = resources[node]?.DependsOn ?? []
      assert.ok(after.includes(part === there || there === '' ? need : (there ?? '')), `${id} waits for ${need}`)
    }
}

const inPart = ({ template, nested }: Split, part: string): Template['Resources'] =>
  nested.get(String(template.Resources[part]?.Properties?.TemplateURL).replace(GIVEN.url, GIVEN.prefix))?.Resources ??
  {}

let line = 0
const where = () => ({ file: 'app.ts', line: ++line })

/** An app of so many routes, each a function of its own, that all ask one authorizer, and of queues with consumers. */
function large(routes: number, queues: number, more: Options = {}): Description {
  const functionOf = (name: string, rest: Partial<DescribedFunction>): DescribedFunction => ({
    role: 'function',
    trigger: 'http',
    export: name,
    subject: '',
    options: {},
    where: where(),
    ...rest,
  })
  const auth = { $: 'reference', kind: 'function', name: 'guard' }
  const jobs = Array.from({ length: queues }, (_, index): DescribedResource => {
    const name = `jobs${index}`
    return { role: 'resource', kind: 'queue', export: name, name, options: {}, where: where() }
  })
  return {
    entry: 'app.ts',
    app: { role: 'app', name: 'shop', options: more, where: where() },
    functions: [
      functionOf('guard', { trigger: 'authorizer', options: { header: 'authorization' } }),
      ...Array.from({ length: routes }, (_, index) =>
        functionOf(`r${index}`, { subject: `GET /things${index}/{id}`, options: { isolate: true, auth } }),
      ),
      ...jobs.map(({ name }) =>
        functionOf(`${name}Work`, { trigger: 'queue', subject: 'onMessage', source: { kind: 'queue', name } }),
      ),
    ],
    groups: [],
    resources: jobs,
    subscriptions: [],
  }
}

describe('an app that fits into one template', () => {
  it('is one', async () => {
    const whole = toTemplate(await readMaking('examples/everything'))
    const { template, nested } = parted(whole, 500)
    assert.equal(template, whole)
    assert.equal(nested.size, 0)
  })
})

describe('an app in parts', () => {
  for (const [folder, entry] of [
    ['examples/everything', 'app.ts'],
    ['test/fixtures/deploy', 'wide.ts'],
  ] as const) {
    let whole: Template
    before(async () => {
      whole = toTemplate(await readMaking(folder, entry))
    })
    for (const limit of [60, 100])
      it(`is the same as the whole: ${folder}, ${limit} resources a part`, async () => {
        const given = parted(whole, limit)
        if (Object.keys(whole.Resources).length > limit) assert.ok(given.nested.size > 0)
        await check(given, whole, limit)
        assert.deepEqual(parted(whole, limit), given, 'the same bytes')
      })
  }

  for (const door of ['http', 'rest', 'url'] as const)
    it(`has 300 functions, at the ${door} door`, async () => {
      const description = large(door === 'url' ? 0 : 250, door === 'url' ? 300 : 50, { api: door })
      const whole = toTemplate(describedMaking(description))
      const given = parted(whole, 500)
      await check(given, whole, 500)
      assert.ok(given.nested.size >= 3 && given.nested.size <= 12, `${given.nested.size}`)
      assert.deepEqual(circlesOf(given.template), [])
    })
})

describe('what is in a part', () => {
  it('stays there when functions come and go', () => {
    const first = toTemplate(describedMaking(large(60, 20)))
    const earlier = parted(first, 100)
    const places = placesIn(earlier)
    const grown = toTemplate(describedMaking(large(90, 25)))
    const after = parted(grown, 100, earlier.template)
    for (const [id, part] of placesIn(after)) if (places.has(id)) assert.equal(part, places.get(id), id)
    const shrunk = parted(toTemplate(describedMaking(large(20, 5))), 100, after.template)
    for (const [id, part] of placesIn(shrunk)) if (places.has(id)) assert.equal(part, places.get(id), id)
  })

  it('was in the stack itself, where the app has grown, and stays there', async () => {
    const first = toTemplate(describedMaking(large(8, 3)))
    const earlier = parted(first, 100)
    assert.equal(earlier.nested.size, 0)
    const whole = toTemplate(describedMaking(large(40, 10)))
    const after = parted(whole, 100, earlier.template)
    const places = placesIn(after)
    for (const id of Object.keys(first.Resources)) assert.equal(places.get(id), '', id)
    await check(after, whole, 100)
  })

  it('is told where it is called, as far as a template can', async () => {
    const description = large(250, 0, { api: 'url' })
    const open = description.functions.filter((one) => one.trigger === 'http')
    const functions = open.map((one) => ({ ...one, options: { isolate: true } }))
    const whole = toTemplate(describedMaking({ ...description, functions }))
    const given = parted(whole, 500)
    await check(given, whole, 500)
    assert.equal(Object.keys(given.template.Outputs ?? {}).length, 200)
  })

  it('is no larger than what a bucket may hold of a template', async () => {
    const making = describedMaking(large(40, 0))
    // Each may do as much as its role holds: 40 functions have more than a megabyte of policies.
    const grants = Array.from({ length: 280 }, (_, index) => ({
      ...{ action: `s3:Get${index}`, resource: `arn:aws:s3:::bucket-of-some-more-length-${index}/*` },
      ...{ by: 'code' as const, chain: [], why: '' },
    }))
    const all = making.model.functions.map(({ name }) => [name, { grants, warnings: [], errors: [] }] as const)
    const whole = toTemplate({ ...making, permissions: new Map(all) })
    assert.ok(JSON.stringify(whole).length > 1_200_000)
    const given = parted(whole, 500)
    await check(given, whole, 500)
    for (const one of [given.template, ...given.nested.values()])
      assert.ok(JSON.stringify(one).length < 1_048_576, `${JSON.stringify(one).length}`)
  })

  it('is away from the others of its function only where it must be', () => {
    const places = placesIn(parted(toTemplate(describedMaking(large(200, 50))), 500))
    for (let index = 0; index < 200; index++) {
      const own = ['Function', 'Role', 'LogGroup', 'Alias', 'Permission', 'Integration'].map((what) =>
        places.get(`${what}R${index}`),
      )
      assert.equal(new Set(own).size, 1, `r${index}: ${own}`)
    }
  })
})
