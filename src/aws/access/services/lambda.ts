// Lambda: Invoke is allowed by InvokeFunction; functions are named by name, by partial ARN, by ARN, with or without a qualifier.
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html and
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, named, said, type Text, texts } from '../text.ts'
import { passRole } from './pass-role.ts'

/** A qualifier is part of what is asked for. Source: https://github.com/aws/aws-cdk/pull/19318, Lambda's change of 2022. */
function toFunctions(input: Input): readonly Resource[] {
  const qualifiers = isNamed(input.value, 'Qualifier') ? texts(at(input.value, 'Qualifier')) : []
  return named(input, 'FunctionName').flatMap((name) => {
    const whole = toFunction(input, name)
    const { length } = whole.arn.split(':')
    if (length > 7 || qualifiers.length === 0) return [whole]
    return qualifiers.map(({ pattern }) => ({ arn: `${whole.arn}:${pattern}`, exact: whole.exact }))
  })
}

function toFunction({ place }: Input, { pattern, told }: Text): Resource {
  if (isArn(pattern)) return { arn: pattern, exact: told }
  // `123456789012:function:my-function`
  const partial = /^(\d{12}|\*):(function:.*)$/.exec(pattern)
  if (partial !== null)
    return { arn: arnOf({ ...place, account: partial[1] ?? '*' }, 'lambda', partial[2] ?? '*'), exact: told }
  return { arn: arnOf(place, 'lambda', `function:${pattern}`), exact: told }
}

function toLayer(input: Input): readonly Resource[] {
  return named(input, 'LayerName').map(({ pattern, told }) => ({
    arn: isArn(pattern) ? pattern : arnOf(input.place, 'lambda', `layer:${pattern}`),
    exact: told,
  }))
}

function toLayerVersion(input: Input): readonly Resource[] {
  const whole = said(input.value, 'Arn').filter(({ told }) => told)
  if (whole.length > 0) return whole.map(({ pattern, told }) => ({ arn: pattern, exact: told }))
  return toLayer(input).flatMap(({ arn, exact }) =>
    named(input, 'VersionNumber').map(({ pattern }) => ({ arn: `${arn}:${pattern}`, exact })),
  )
}

function toMappings(input: Input): readonly Resource[] {
  return named(input, 'UUID').map(({ pattern, told }) => ({
    arn: arnOf(input.place, 'lambda', `event-source-mapping:${pattern}`),
    exact: told,
  }))
}

const onFunction =
  (action: string): Rule =>
  (input) => [need(`lambda:${action}`, toFunctions(input))]

export const lambda: Service = {
  finders: {
    function: toFunctions,
    'function alias': toFunctions,
    'function version': () => [],
    layer: toLayer,
    layerversion: toLayerVersion,
    eventsourcemapping: toMappings,
  },
  renamed: { GetLayerVersionByArn: 'GetLayerVersion' },
  rules: {
    Invoke: onFunction('InvokeFunction'),
    InvokeWithResponseStream: onFunction('InvokeFunction'),
    InvokeAsync: onFunction('InvokeFunction'),
    CreateFunction: (input) => [
      ...onFunction('CreateFunction')(input),
      ...passRole(input, 'lambda.amazonaws.com', ['Role']),
    ],
    UpdateFunctionConfiguration: (input) => [
      ...onFunction('UpdateFunctionConfiguration')(input),
      ...(isNamed(input.value, 'Role') ? passRole(input, 'lambda.amazonaws.com', ['Role']) : []),
    ],
  },
}
