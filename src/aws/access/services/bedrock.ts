// Bedrock's runtimes: conversations are allowed by InvokeModel; a model is named by id, by an inference profile, by ARN.
// Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, named, orUntold, type Text, texts } from '../text.ts'
import type { Value } from '../value.ts'

// What AWS's own profiles begin with: where their requests may go.
const AREAS = /^(us|us-gov|eu|apac|ap|jp|au|ca|sa|me|af|il|global)\./

/** An inference profile passes requests on to its model, in any of its regions: both have to be allowed. */
function toModels({ place }: Input, { pattern, told }: Text): readonly Resource[] {
  const model = (name: string, region = place.region): Resource => ({
    arn: `arn:${place.partition}:bedrock:${region}::foundation-model/${name}`,
    exact: told,
  })
  const profile = (name: string): Resource => ({
    arn: arnOf(place, 'bedrock', `inference-profile/${name}`),
    exact: told,
  })
  if (isArn(pattern)) {
    const own = { arn: pattern, exact: told }
    const [, kind, name = '*'] = /:(application-inference-profile|inference-profile)\/(.*)$/.exec(pattern) ?? []
    if (kind === undefined) return [own]
    return [own, model(kind === 'inference-profile' ? name.replace(AREAS, '') : '*', '*')]
  }
  if (!told) return [model('*', '*'), profile('*')]
  return AREAS.test(pattern) ? [profile(pattern), model(pattern.replace(AREAS, ''), '*')] : [model(pattern)]
}

function invoking(input: Input, action: string, models: readonly Text[]): ReturnType<Rule> {
  return [
    need(
      `bedrock:${action}`,
      models.flatMap((text) => toModels(input, text)),
    ),
  ]
}

/** A guardrail is another resource of another action. */
function guarding(input: Input, paths: readonly (readonly string[])[]): ReturnType<Rule> {
  const values = paths.filter(([first = '']) => isNamed(input.value, first)).flatMap((path) => at(input.value, ...path))
  const given = texts(values)
  if (given.length === 0) return []
  const guardrails = given.map(({ pattern, told }) => ({
    arn: isArn(pattern) ? pattern : arnOf(input.place, 'bedrock', `guardrail/${pattern}`),
    exact: told,
  }))
  return [need('bedrock:ApplyGuardrail', guardrails)]
}

const model =
  (action: string): Rule =>
  (input) => [
    ...invoking(input, action, named(input, 'modelId')),
    ...guarding(input, [['guardrailIdentifier'], ['guardrailConfig', 'guardrailIdentifier']]),
  ]

export const bedrockRuntime: Service = {
  rules: {
    Converse: model('InvokeModel'),
    ConverseStream: model('InvokeModelWithResponseStream'),
    CountTokens: model('CountTokens'),
    InvokeModel: model('InvokeModel'),
    // Source: the operation's own page in the API reference.
    InvokeModelWithBidirectionalStream: model('InvokeModel'),
    InvokeModelWithResponseStream: model('InvokeModelWithResponseStream'),
    StartAsyncInvoke: (input) => [
      ...model('InvokeModel')(input),
      ...writing(input, at(input.value, 'outputDataConfig', 's3OutputDataConfig', 's3Uri')),
    ],
  },
  finders: {
    guardrail: (input) =>
      guarding(input, [['guardrailIdentifier']]).flatMap(({ resources, exact }) =>
        resources.map((arn) => ({ arn, exact })),
      ),
  },
}

function writing({ place }: Input, uris: readonly Value[]): ReturnType<Rule> {
  const given = orUntold(texts(uris)).map(({ pattern, told }) => {
    const path = pattern.replace(/^s3:\/\//, '').replace(/\/$/, '')
    return { arn: `arn:${place.partition}:s3:::${path}/*`, exact: told }
  })
  return [need('s3:PutObject', given)]
}

/** Answers from a knowledge base: the search in it, and the model that words them. */
const generate: Rule = (input) => {
  const configuration = ['retrieveAndGenerateConfiguration', 'knowledgeBaseConfiguration'] as const
  const bases = texts(at(input.value, ...configuration, 'knowledgeBaseId')).map(({ pattern, told }) => ({
    arn: arnOf(input.place, 'bedrock', `knowledge-base/${pattern}`),
    exact: told,
  }))
  return [
    need('bedrock:RetrieveAndGenerate', [{ arn: '*', exact: true }]),
    ...(bases.length === 0 ? [] : [need('bedrock:Retrieve', bases)]),
    ...invoking(input, 'InvokeModel', orUntold(texts(at(input.value, ...configuration, 'modelArn')))),
  ]
}

export const bedrockAgentRuntime: Service = {
  rules: { RetrieveAndGenerate: generate, RetrieveAndGenerateStream: generate },
}
