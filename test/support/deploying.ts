// A small app to be deployed, written by hand: what deploy does is looked at apart from what makes templates.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zip } from '../../src/build/index.ts'
import type { Deployment } from '../../src/deploy/deployment.ts'
import { aliasId, functionId, logGroupId, roleId } from '../../src/deploy/ids.ts'
import { attribute, type Part, ref } from '../../src/deploy/template.ts'

export interface Small {
  readonly app: string
  readonly account: string
  readonly region?: string
  /** Name → the handler's source. */
  readonly functions: Readonly<Record<string, string>>
  readonly memory?: number
  readonly env?: Readonly<Record<string, string>>
  readonly queues?: readonly string[]
  /** Further resources, by logical id. */
  readonly more?: Part
  readonly outputs?: Deployment['template']['Outputs']
  readonly listeners?: Deployment['listeners']
  /** Parts of the stack, each of them a stack of its own. */
  readonly parts?: Readonly<Record<string, Part>>
}

/** A handler that answers this. */
export const answers = (body: string): string =>
  `export const handler = async () => ({ statusCode: 200, body: ${JSON.stringify(body)} })\n`

export async function toDeployment(small: Small): Promise<Deployment> {
  const {
    app,
    account,
    region = 'us-east-1',
    functions,
    queues = [],
    more = {},
    listeners = [],
    parts: own = {},
  } = small
  const stack = `${app}-test`
  const bucket = `goblet-artifacts-${account}-${region}`
  const zips = await Promise.all(
    Object.entries(functions).map(async ([name, source]) => ({ name, bytes: await zipOf(source) })),
  )
  const artifacts = zips.map(({ name, bytes }) => ({
    function: name,
    physicalName: `${stack}-${name}`,
    key: `${app}/test/${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.zip`,
    sha256: createHash('sha256').update(bytes).digest('base64'),
    size: bytes.length,
    bytes: async () => bytes,
  }))
  const parts = artifacts.map((one) => toPart(small, bucket, one))
  const made = queues.map((name) => [
    `Queue${name}`,
    { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${stack}-${name}` } },
  ])
  const nested = Object.entries(own).map(([id, Resources]) => {
    const template = { AWSTemplateFormatVersion: '2010-09-09', Description: id, Resources } as const
    const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 16)
    return { id, key: `${app}/test/templates/${hash}.json`, template }
  })
  const stacks = nested.map(({ id, key }): [string, Part[string]] => [
    id,
    // MiniStack looks at the path only.
    { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3.amazonaws.com/${bucket}/${key}` } },
  ])
  return {
    app,
    stage: 'test',
    account,
    region,
    stack,
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `${app}, by hand`,
      Resources: Object.assign({}, ...parts, Object.fromEntries(made), Object.fromEntries(stacks), more),
      Outputs: small.outputs ?? {},
    },
    nested: new Map(nested.map(({ key, template }) => [key, template])),
    functions: artifacts.map((one) => ({ name: one.function, physicalName: one.physicalName })),
    artifacts,
    permissions: new Map(),
    listeners,
  }
}

async function zipOf(source: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'))
  try {
    const file = join(folder, 'index.mjs')
    writeFileSync(file, source)
    return (await zip({ files: [{ path: 'index.mjs', file }] })).bytes
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Coded {
  readonly function: string
  readonly physicalName: string
  readonly key: string
}

function toPart({ memory = 128, env = {} }: Small, bucket: string, { function: name, physicalName, key }: Coded): Part {
  return {
    [roleId(name)]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    [logGroupId(name)]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: `/aws/lambda/${physicalName}`, RetentionInDays: 7 },
    },
    [functionId(name)]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: physicalName,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { S3Bucket: bucket, S3Key: key },
        Role: attribute(roleId(name), 'Arn'),
        MemorySize: memory,
        Timeout: 10,
        Environment: { Variables: { LEVEL: 'info', ...env } },
      },
    },
    [aliasId(name)]: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: ref(functionId(name)), FunctionVersion: '$LATEST', Name: 'live' },
    },
  }
}
