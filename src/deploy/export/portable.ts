// A template that fits every account and region: what was written down of a place that there is not becomes AWS's own words for it.

import type { Model } from '../../model/index.ts'
import type { Known } from '../template/making.ts'
import type { Properties, Template, Value } from '../template.ts'

/** Nobody's account, in no region: what these texts stand for is only known where the template is deployed. */
export const NOWHERE = { account: '000000000000', region: 'xx-nowhere-1' } as const

const PARAMETER = 'goblet-parameter:'

interface Asked {
  readonly name: string
  readonly description: string
}

/** What deploy would ask AWS of things that are there already: parameters, which whoever deploys the template gives. */
export function askedOf({ api, resources, triggers }: Model): {
  readonly known: Known
  readonly parameters: readonly Asked[]
} {
  const tables = resources.flatMap((one) =>
    one.kind === 'table' && one.existing && triggers.some((told) => told.kind === 'table' && told.table === one.name)
      ? [
          {
            key: one.name,
            name: parameterName('StreamOf', one.name),
            description: `The ARN of the stream of the table ${one.physicalName}`,
          },
        ]
      : [],
  )
  const websockets = resources.flatMap((one) =>
    one.kind === 'websocket' && one.domain !== undefined ? [one.domain] : [],
  )
  const domains = [...(api.domain === undefined ? [] : [api.domain]), ...websockets]
  const zones = domains.map(({ name }) => ({
    key: name,
    name: parameterName('HostedZoneOf', name),
    description: `The id of the hosted zone in Route 53 for ${name}`,
  }))
  const toMap = (all: readonly (Asked & { key: string })[]): Map<string, string> =>
    new Map(all.map(({ key, name }) => [key, PARAMETER + name]))
  return { known: { tableStreams: toMap(tables), hostedZones: toMap(zones) }, parameters: [...tables, ...zones] }
}

const parameterName = (what: string, name: string): string =>
  what +
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** The template of a model of nowhere, for anywhere. What only Goblet reads is left out. */
export function toPortable(template: Template, parameters: readonly Asked[] = []): Template {
  const text = JSON.stringify(template.Resources)
  const asked = parameters.filter(({ name }) => text.includes(`"${PARAMETER}${name}"`))
  const { Metadata: _, ...rest } = template
  const given = asked.map(({ name, description }) => [name, { Type: 'String', Description: description }] as const)
  return {
    ...rest,
    ...(given.length === 0 ? {} : { Parameters: Object.fromEntries(given) }),
    Resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) => [
        id,
        resource.Properties === undefined ? resource : { ...resource, Properties: moveObject(resource.Properties) },
      ]),
    ),
    ...(template.Outputs === undefined
      ? {}
      : {
          Outputs: Object.fromEntries(
            Object.entries(template.Outputs).map(([name, output]) => [name, { ...output, Value: move(output.Value) }]),
          ),
        }),
  }
}

export const isObject = (value: Value | undefined): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

const moveObject = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, move(value)]))

/** A value of nowhere, for anywhere. */
export function move(value: Value): Value {
  if (typeof value === 'string') return moveText(value)
  if (isList(value)) return value.map(move)
  if (!isObject(value)) return value
  const sub = value['Fn::Sub']
  // Its text holds references already.
  if (typeof sub === 'string') return { 'Fn::Sub': named(sub) }
  return moveObject(value)
}

function moveText(text: string): Value {
  if (text === NOWHERE.account) return { Ref: 'AWS::AccountId' }
  if (text === NOWHERE.region) return { Ref: 'AWS::Region' }
  if (text.startsWith(PARAMETER)) return { Ref: text.slice(PARAMETER.length) }
  // ARNs of buckets have neither, but a partition.
  const isPlaced = text.includes(NOWHERE.account) || text.includes(NOWHERE.region) || text.startsWith('arn:aws:s3:::')
  if (!isPlaced) return text
  // IAM has variables of its own in the same clothes: `${aws:username}` is written `${!aws:username}`.
  return { 'Fn::Sub': named(text.replaceAll('${', '${!')) }
}

const pseudo = (name: string): string => `\${AWS::${name}}`

const named = (text: string): string =>
  text
    .replaceAll(NOWHERE.account, pseudo('AccountId'))
    .replaceAll(NOWHERE.region, pseudo('Region'))
    .replaceAll('arn:aws:', `arn:${pseudo('Partition')}:`)
