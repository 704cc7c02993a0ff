// An app on another cloud than the local one: its real bundles and template, made a stack by that cloud's CloudFormation.
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { S3 } from '@aws-sdk/client-s3'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { zip } from '../../src/build/index.ts'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Making } from '../../src/deploy/template/making.ts'
import { type Urls, urlsOf } from '../../src/deploy/template/urls.ts'
import { defineModel, type Model } from '../../src/model/index.ts'
import { openProject } from './project.ts'
import { makingFrom } from './template.ts'

const PLACE = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' }

const NOTHING = { grants: [], warnings: [], errors: [] }

/** What a template is made from, of functions whose code calls nothing. */
export const makingOf = (model: Model, given: Partial<Making> = {}): Making => ({
  ...makingFrom(model, new Map(model.functions.map(({ name }) => [name, NOTHING]))),
  ...given,
})

export interface Stack extends AsyncDisposable {
  readonly model: Model
  readonly outputs: Readonly<Record<string, string>>
  readonly urls: Urls
}

/** Makes a stack of an app's files; throws what CloudFormation says of why it could not. */
export async function openStack(endpoint: string, files: Readonly<Record<string, string>>): Promise<Stack> {
  const given = { endpoint, region: PLACE.region, credentials: CREDENTIALS }
  const s3 = new S3({ ...given, forcePathStyle: true })
  const cloudformation = new CloudFormation(given)
  await using project = await openProject(files)
  const model = defineModel(await project.build.discover(), PLACE, GRAMMAR)
  const bundled = await project.build.bundle(model.functions)
  const making = makingFrom(model, await project.build.permissions(model, bundled))
  const buckets = new Set([...making.code.values()].map(({ bucket }) => bucket))
  for (const Bucket of buckets) await s3.createBucket({ Bucket })
  for (const [name, { bucket: Bucket, key: Key }] of making.code) {
    const bundle = bundled.functions.get(name)
    if (bundle !== undefined) await s3.putObject({ Bucket, Key, Body: (await zip(bundle)).bytes })
  }
  const StackName = `${model.app}-${model.stage}`
  await cloudformation.createStack({
    StackName,
    TemplateBody: JSON.stringify(toTemplate(making)),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  })
  const outputs = await finished(cloudformation, StackName)
  return {
    model,
    outputs,
    urls: urlsOf(outputs, { model, endpoint }),
    [Symbol.asyncDispose]: async () => {
      s3.destroy()
      cloudformation.destroy()
    },
  }
}

async function finished(cloudformation: CloudFormation, StackName: string): Promise<Record<string, string>> {
  for (let tries = 0; tries < 300; tries++) {
    const { Stacks: [stack] = [] } = await cloudformation.describeStacks({ StackName })
    const outputs = stack?.Outputs ?? []
    if (stack?.StackStatus === 'CREATE_COMPLETE')
      return Object.fromEntries(outputs.map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']))
    if (stack?.StackStatus?.includes('ROLLBACK') || stack?.StackStatus?.includes('FAILED')) {
      const { StackEvents = [] } = await cloudformation.describeStackEvents({ StackName })
      const reasons = StackEvents.flatMap((one) =>
        one.ResourceStatus?.endsWith('FAILED') ? [`${one.LogicalResourceId}: ${one.ResourceStatusReason}`] : [],
      )
      throw new Error(`${StackName} is ${stack.StackStatus}: ${reasons.join('; ')}`)
    }
    await sleep(100)
  }
  throw new Error(`${StackName} was not done within 30 s.`)
}
