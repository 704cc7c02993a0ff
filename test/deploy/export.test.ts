// The same resources by every road out: CloudFormation, SAM, Terraform, the CDK.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { toCdk } from '../../src/deploy/export/cdk.ts'
import { toCloudFormation } from '../../src/deploy/export/cloudformation.ts'
import { toSam } from '../../src/deploy/export/sam.ts'
import { type ExportFile, type ExportSource, zipOf } from '../../src/deploy/export/source.ts'
import { MAPPINGS, toModule } from '../../src/deploy/export/terraform.ts'
import { ADDRESSES } from '../../src/deploy/export/terraform-addresses.ts'
import { expression, isCloudControl, resolve, toName } from '../../src/deploy/export/terraform-values.ts'
import type { Template, TemplateResource } from '../../src/deploy/template.ts'
import { frontSources, LEAVING, readSource } from '../support/exporting.ts'
import { problemsOf } from '../support/specification.ts'

type Json = Record<string, unknown>
type Blocks = Record<string, Record<string, Json>>

const parsed = (files: readonly ExportFile[], path: string): Template => {
  const found = files.find((one) => one.path === path)
  assert.ok(found !== undefined, path)
  return JSON.parse(found.text)
}

const counted = (types: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const type of [...types].sort()) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

const typesOf = ({ Resources }: Template): Record<string, number> =>
  counted(Object.values(Resources).map(({ Type }) => Type))

const functionsOf = ({ Resources }: Template): [string, TemplateResource][] =>
  Object.entries(Resources).filter(([, one]) => zipOf(one) !== undefined)

function check(name: string, open: () => Promise<ExportSource> | ExportSource): void {
  describe(name, () => {
    let source: ExportSource
    let terraform: { resource: Blocks; data: Blocks }
    before(async () => {
      source = await open()
      terraform = JSON.parse(JSON.stringify(toModule(source)))
    })

    it('fits every account and region', async () => {
      const text = JSON.stringify(source.template)
      assert.equal(/000000000000|nowhere|goblet-parameter/.test(text), false)
      assert.deepEqual(await problemsOf(source.template), [])
    })

    it('is the same in CloudFormation and for the CDK, but for where the code is', () => {
      const { Parameters = {} } = source.template
      for (const [files, code] of [
        [toCloudFormation(source), (zip: string) => `./${zip}`],
        [toCdk(source), (_: string, id: string) => ({ S3Bucket: 'asset', S3Key: id })],
      ] as const) {
        const template = parsed(files, 'template.json')
        assert.deepEqual(template.Parameters ?? {}, Parameters)
        for (const [id, resource] of Object.entries(source.template.Resources)) {
          const zip = zipOf(resource)
          const properties = zip === undefined ? {} : { Code: code(zip, id) }
          assert.deepEqual(template.Resources[id], {
            ...resource,
            ...(resource.Properties === undefined ? {} : { Properties: { ...resource.Properties, ...properties } }),
          })
        }
      }
    })

    it('has its functions in SAM’s words, and the rest as it is', () => {
      const template = parsed(toSam(source), 'template.json')
      const types = typesOf(source.template)
      const zipped = functionsOf(source.template).length
      const {
        'AWS::Serverless::Function': serverless = 0,
        'AWS::Lambda::Function': plain = 0,
        ...rest
      } = typesOf(template)
      const { 'AWS::Lambda::Function': functions = 0, ...others } = types
      assert.deepEqual([serverless, plain, rest], [zipped, functions - zipped, others])
    })

    it('has every resource in Terraform, by its own type or in AWS’s words', () => {
      for (const [id, resource] of Object.entries(source.template.Resources)) {
        const [path = ''] = Object.values(ADDRESSES[resource.Type] ?? {})
        const type = isCloudControl(id, resource) ? 'aws_cloudcontrolapi_resource' : path.split('.')[0]
        assert.ok(terraform.resource[type ?? '']?.[toName(id)] !== undefined, `${type}.${toName(id)}`)
      }
    })

    it('loses no property on the way to Terraform', () => {
      for (const [id, resource] of Object.entries(source.template.Resources)) {
        if (isCloudControl(id, resource)) continue
        const asked = new Set<string>()
        const properties = new Proxy(resource.Properties ?? {}, {
          get: (target, name) => {
            asked.add(String(name))
            return Reflect.get(target, name)
          },
        })
        const given = { id, name: toName(id), stack: 'app-dev', resource, template: source.template, own: () => '' }
        MAPPINGS[resource.Type]?.({ ...given, properties })
        const lost = Object.keys(resource.Properties ?? {}).filter((one) => !asked.has(one))
        assert.deepEqual(lost, [], `${id} (${resource.Type})`)
      }
    })

    it('refers in Terraform to what is there', () => {
      const text = JSON.stringify(terraform)
      assert.equal(/"(Ref|Fn::\w+)"|AWS::(AccountId|Region|Partition|URLSuffix)/.test(text), false)
      const known = new Set([
        ...Object.entries(terraform.resource).flatMap(([type, all]) => Object.keys(all).map((one) => `${type}.${one}`)),
      ])
      for (const [, address] of text.matchAll(/(?<![\w.])(aws_\w+\.\w+)\.\w/g))
        if (address !== undefined && !address.endsWith('.current')) assert.ok(known.has(address), address)
    })

    it('runs each function alike in Terraform, allowed the same', () => {
      for (const [id, { Properties = {} }] of functionsOf(source.template)) {
        const made = terraform.resource.aws_lambda_function?.[toName(id)] ?? {}
        const { Environment } = Properties
        assert.deepEqual(
          [made.runtime, made.handler, made.memory_size, made.timeout, made.architectures],
          [Properties.Runtime, Properties.Handler, Properties.MemorySize, Properties.Timeout, Properties.Architectures],
        )
        assert.deepEqual(
          (made.environment as { variables: Json }).variables,
          (resolve(Environment ?? {}, source.template) as unknown as { Variables: Json }).Variables,
        )
      }
      for (const [id, { Type, Properties = {} }] of Object.entries(source.template.Resources)) {
        if (Type !== 'AWS::IAM::Role') continue
        const policies = Array.isArray(Properties.Policies) ? Properties.Policies : []
        policies.forEach((policy, index) => {
          const name = index === 0 ? toName(id) : `${toName(id)}_${index + 1}`
          const written = terraform.resource.aws_iam_role_policy?.[name]?.policy
          const { PolicyDocument } = resolve(policy, source.template) as unknown as { PolicyDocument: unknown }
          assert.deepEqual(JSON.parse(String(written)), PolicyDocument)
        })
      }
    })
  })
}

for (const one of LEAVING)
  check(`${one.folder}${one.entry === undefined ? '' : `/${one.entry}`}`, () => readSource(one))
for (const [door, source] of frontSources()) check(`the front door ${door}`, () => source)

describe('what leaves', () => {
  it('has words in Terraform for every type that has an address there', () => {
    assert.deepEqual(Object.keys(MAPPINGS).sort(), Object.keys(ADDRESSES).sort())
  })

  it('is in parts for CloudFormation where one template cannot hold it, and refused by what has one only', () => {
    const queues = Array.from({ length: 700 }, (_, index) => [
      `Queue${index}`,
      { Type: 'AWS::SQS::Queue', Properties: { QueueName: `large-dev-${index}` } },
    ])
    const template: Template = {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: '',
      Resources: Object.fromEntries(queues),
    }
    const source = { app: 'large', stage: 'dev', template, listeners: [] }
    const files = toCloudFormation(source)
    const parts = files.filter(({ path }) => path.endsWith('.json')).map(({ path }) => parsed(files, path))
    assert.ok(parts.every(({ Resources }) => Object.keys(Resources).length <= 500))
    const all = parts.flatMap(({ Resources }) => Object.values(Resources))
    assert.equal(all.filter(({ Type }) => Type === 'AWS::SQS::Queue').length, 700)
    for (const { Type, Properties } of all)
      if (Type === 'AWS::CloudFormation::Stack')
        assert.ok(files.some(({ path }) => Properties?.TemplateURL === `./${path}`))
    assert.throws(() => toSam(source), /takes 500/)
    assert.throws(() => toCdk(source), /takes 500/)
  })

  it('has a name of its own in Terraform for every id', () => {
    const cases = {
      QueueJobs: 'queue_jobs',
      QueueA: 'queue_a',
      QueueAB: 'queue_AB',
      QueueAb: 'queue_ab',
      QueueABa: 'queue_a_ba',
      RouteGETRooms6f2: 'route_GET_rooms6f2',
      RouteGetRooms6f2: 'route_get_rooms6f2',
    }
    for (const [id, name] of Object.entries(cases)) assert.equal(toName(id), name)
  })

  it('keeps texts that look like expressions as they are', () => {
    const template: Template = {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: '',
      Resources: { QueueA: { Type: 'AWS::SQS::Queue' } },
    }
    const user = expression('aws:username')
    const cases = [
      [user, `$${user}`],
      ['100%{x}', '100%%{x}'],
      [
        {
          'Fn::Sub': `arn:${expression('AWS::Partition')}:s3:::a/${expression('!aws:username')}/${expression('QueueA.Arn')}`,
        },
        `arn:${expression('data.aws_partition.current.partition')}:s3:::a/$${user}/${expression('aws_sqs_queue.queue_a.arn')}`,
      ],
      [{ 'Fn::Join': ['', ['a', { Ref: 'QueueA' }, user]] }, `a${expression('aws_sqs_queue.queue_a.url')}$${user}`],
    ] as const
    for (const [given, wanted] of cases) assert.equal(resolve(given, template), wanted)
  })
})
