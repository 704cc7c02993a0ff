// An app in parts, on another cloud than the local one: CloudFormation makes them all, and what they hand each other arrives.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { Lambda } from '@aws-sdk/client-lambda'
import { S3 } from '@aws-sdk/client-s3'
import { zip } from '../../src/build/index.ts'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Making } from '../../src/deploy/template/making.ts'
import { type Split, split } from '../../src/deploy/template/split.ts'
import type { Template } from '../../src/deploy/template.ts'
import { isInstalled, startTarget } from '../support/peers.ts'
import { openProject } from '../support/project.ts'
import { readMaking } from '../support/template.ts'

const PLACE = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
const BUCKET = `goblet-artifacts-${PLACE.account}-${PLACE.region}`
const KEY = 'code.zip'
const skip = isInstalled('ministack') ? false : 'ministack is not installed'

async function codeOf(): Promise<Uint8Array> {
  await using project = await openProject({
    'app.ts': "import { app, lambda } from 'goblet'\nexport default app('x')\nexport const run = lambda(() => 1)\n",
  })
  const bundle = (await project.bundleAll()).functions.get('run')
  assert.ok(bundle !== undefined)
  return (await zip(bundle)).bytes
}

const withCode = (making: Making): Making => ({
  ...making,
  code: new Map(making.model.functions.map(({ name }) => [name, { bucket: BUCKET, key: KEY }])),
})

/** The app without one of its functions. */
function lacking(making: Making, name: string): Making {
  const { model } = making
  const functions = model.functions.filter((one) => one.name !== name)
  const triggers = model.triggers.filter((one) => one.function !== name)
  return { ...making, model: { ...model, functions, triggers } }
}

it('is made, and takes one function more without moving any other', { skip, timeout: 110_000 }, async () => {
  const target = await startTarget('ministack')
  const given = {
    endpoint: target.endpoint,
    region: PLACE.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const [cloudformation, s3, lambda] = [
    new CloudFormation(given),
    new S3({ ...given, forcePathStyle: true }),
    new Lambda(given),
  ]
  const StackName = 'everything-dev'
  const settled = async (): Promise<string> => {
    for (let tries = 0; tries < 600; tries++) {
      const { Stacks: [stack] = [] } = await cloudformation.describeStacks({ StackName })
      if (stack?.StackStatus?.endsWith('IN_PROGRESS') === false) return stack.StackStatus
      await sleep(100)
    }
    return 'never done'
  }
  const partsOf = async (): Promise<unknown[]> => {
    const { StackResources = [] } = await cloudformation.describeStackResources({ StackName })
    return StackResources.filter((one) => one.ResourceType === 'AWS::CloudFormation::Stack')
      .map((one) => [one.LogicalResourceId, one.PhysicalResourceId])
      .sort()
  }
  const upload = async (one: Split): Promise<string> => {
    for (const [Key, part] of one.nested) await s3.putObject({ Bucket: BUCKET, Key, Body: JSON.stringify(part) })
    return JSON.stringify(one.template)
  }
  const parted = (making: Making, previous: Template | undefined): Split =>
    split(toTemplate(making), {
      ...{ limit: 60, previous, prefix: 'parts/' },
      url: `${target.endpoint}/${BUCKET}/parts/`,
    })
  try {
    await s3.createBucket({ Bucket: BUCKET })
    await s3.putObject({ Bucket: BUCKET, Key: KEY, Body: await codeOf() })
    const making = withCode(await readMaking('examples/everything', 'app.ts', PLACE))
    const first = parted(lacking(making, 'report'), undefined)
    assert.ok(first.nested.size > 0)
    const Capabilities = ['CAPABILITY_IAM' as const]
    await cloudformation.createStack({ StackName, TemplateBody: await upload(first), Capabilities })
    assert.equal(await settled(), 'CREATE_COMPLETE')
    const before = (await lambda.listFunctions({})).Functions ?? []
    assert.equal(before.length, making.model.functions.length - 1)
    const parts = await partsOf()
    assert.equal(parts.length, first.nested.size)
    const second = parted(making, first.template)
    await cloudformation.updateStack({ StackName, TemplateBody: await upload(second), Capabilities })
    assert.equal(await settled(), 'UPDATE_COMPLETE')
    const after = (await lambda.listFunctions({})).Functions ?? []
    assert.deepEqual(
      after.map((one) => one.FunctionName).sort(),
      making.model.functions.map((one) => one.physicalName).sort(),
    )
    assert.deepEqual((await partsOf()).slice(0, parts.length), parts)
    const { Configuration } = await lambda.getFunction({ FunctionName: 'everything-dev-api' })
    const socket = Configuration?.Environment?.Variables?.GOBLET_WEBSOCKET_COUNTER
    assert.match(socket ?? '', /^(ws|http)s?:\/\/[^{]+\/dev$/)
  } finally {
    for (const client of [cloudformation, s3, lambda]) client.destroy()
    await target.stop()
  }
})
