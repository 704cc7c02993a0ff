// Out to AWS SAM: functions in its own words, with what they have in common said once; everything else as it is.
import type { Properties, Template, TemplateResource, Value } from '../template.ts'
import { isObject } from './portable.ts'
import {
  type ExportFile,
  type ExportSource,
  listenerNotes,
  parameterWords,
  refuseLarge,
  toJsonText,
  zipOf,
} from './source.ts'

export function toSam({ app, stage, template, listeners }: ExportSource): ExportFile[] {
  refuseLarge(template, 'AWS SAM')
  const words = parameterWords(template)
  const readme = `# ${app} (${stage}) as AWS SAM

\`\`\`sh
sam deploy --template-file template.json --stack-name ${app}-${stage} --resolve-s3 \\
  --capabilities CAPABILITY_IAM${words === '' ? '' : ` --parameter-overrides${words}`}
\`\`\`

Or with the aws CLI alone: \`aws cloudformation package\`, then \`aws cloudformation deploy\` with
\`--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND\`.

Functions are \`AWS::Serverless::Function\`. Their roles, triggers and APIs stay plain CloudFormation: SAM would make roles
that may do more, and triggers that pass the alias \`live\` by. SAM tags functions with \`lambda:createdBy\`.
${listenerNotes(listeners)}`
  return [
    { path: 'template.json', text: toJsonText(toSamTemplate(template)) },
    { path: 'README.md', text: readme },
  ]
}

// What SAM takes in Globals, and what functions of one app mostly share.
const GLOBAL = ['Runtime', 'Architectures', 'Handler', 'MemorySize', 'Timeout', 'EphemeralStorage', 'Tracing'] as const

/** The template as SAM has it. Only the order of its parts tells that a macro reads it: `Transform` comes first. */
function toSamTemplate({ AWSTemplateFormatVersion, Resources, ...rest }: Template): object {
  const made = Object.entries(Resources).map(([id, resource]) => [id, toServerless(resource)] as const)
  const functions = made.map(([, one]) => one).filter(({ Type }) => Type === SERVERLESS)
  const common = GLOBAL.flatMap((name) => {
    const [first, ...others] = functions.map(({ Properties }) => Properties?.[name])
    const same = others.every((one) => JSON.stringify(one) === JSON.stringify(first))
    return first !== undefined && others.length > 0 && same ? [[name, first] as const] : []
  })
  const globals = Object.fromEntries(common)
  const without = made.map(([id, one]) => [id, one.Type === SERVERLESS ? strip(one, globals) : one] as const)
  return {
    AWSTemplateFormatVersion,
    Transform: 'AWS::Serverless-2016-10-31',
    ...rest,
    ...(common.length === 0 ? {} : { Globals: { Function: globals } }),
    Resources: Object.fromEntries(without),
  }
}

const SERVERLESS = 'AWS::Serverless::Function'

const strip = (resource: TemplateResource, common: Properties): TemplateResource => ({
  ...resource,
  Properties: Object.fromEntries(Object.entries(resource.Properties ?? {}).filter(([name]) => !(name in common))),
})

// Source: "AWS::Serverless::Function": CodeUri for Code, Tracing for TracingConfig, DeadLetterQueue with its type, Tags as a map.
function toServerless(resource: TemplateResource): TemplateResource {
  const zip = zipOf(resource)
  if (zip === undefined) return resource
  const { Code: _, TracingConfig, DeadLetterConfig, Tags, ...rest } = resource.Properties ?? {}
  return {
    ...resource,
    Type: SERVERLESS,
    Properties: {
      ...rest,
      CodeUri: `./${zip}`,
      ...(isObject(TracingConfig) && TracingConfig.Mode !== undefined ? { Tracing: TracingConfig.Mode } : {}),
      ...(isObject(DeadLetterConfig) ? { DeadLetterQueue: toQueue(DeadLetterConfig.TargetArn) } : {}),
      ...(Tags === undefined ? {} : { Tags: toMap(Tags) }),
    },
  }
}

const toQueue = (target: Value | undefined): Value => ({
  Type: /QueueArn|:sqs:|"Queue[A-Z]/.test(JSON.stringify(target)) ? 'SQS' : 'SNS',
  TargetArn: target ?? '',
})

const toMap = (tags: Value): Value =>
  Array.isArray(tags)
    ? Object.fromEntries(
        tags.flatMap((one) => (isObject(one) && typeof one.Key === 'string' ? [[one.Key, one.Value ?? '']] : [])),
      )
    : tags
