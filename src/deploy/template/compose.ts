// The template of an app: every kind's part, together.

import type { BucketListener } from '../deployment.ts'
import { ALIAS } from '../ids.ts'
import { toSubscription } from '../kinds/topic.ts'
import { toResourcePart, toTriggerPart } from '../kinds.ts'
import type { Part, Template, TemplateResource } from '../template.ts'
import { toApi } from './api.ts'
import { toFunction } from './function.ts'
import { aliasArnText, findResource, type Making } from './making.ts'
import { toMetadata } from './metadata.ts'
import { toRole } from './role.ts'
import { tagged } from './tags.ts'
import { apiOutputs } from './urls.ts'

// Source: "Understand CloudFormation quotas". Only an app of more function URLs than this loses some: they are there all the same.
const OUTPUTS = 200

/** The whole app as one template, however large. */
export function toTemplate(making: Making): Template {
  const { model } = making
  const [raw, resources] = [
    model.resources.filter((one) => one.kind === 'resource'),
    model.resources.filter((one) => one.kind !== 'resource'),
  ]
  const own = [
    ...resources.map((one) => toResourcePart(one, making)),
    ...model.functions.flatMap((one) => [toRole(one, making), toFunction(one, making)]),
    ...model.triggers.map((one) => toTriggerPart(one, making)),
    ...model.subscriptions.map((one) => toSubscription(one, making)),
    toApi(making),
  ]
  // In CloudFormation's own words the app says for itself which tags there are.
  const parts = [...own.map((part) => tagged(part, model.tags)), ...raw.map((one) => toResourcePart(one, making))]
  const outputs = Object.entries(apiOutputs(making)).slice(0, OUTPUTS)
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `${model.app} (${model.stage}), made by Goblet`,
    Metadata: toMetadata(making, model.stage),
    Resources: merged(parts),
    ...(outputs.length === 0 ? {} : { Outputs: Object.fromEntries(outputs) }),
  }
}

function merged(parts: readonly Part[]): Part {
  const all = new Map<string, TemplateResource>()
  for (const [id, resource] of parts.flatMap((part) => Object.entries(part))) {
    if (all.has(id)) throw new Error(`Two parts of the template are called ${id}.`)
    all.set(id, resource)
  }
  return Object.fromEntries(all)
}

/** The functions that buckets of others tell of changes. */
export function toListeners(making: Making): BucketListener[] {
  const { model } = making
  const told = model.triggers.filter((one) => one.kind === 'bucket')
  return told
    .map((one) => ({ one, source: findResource('bucket', one.bucket, making) }))
    .filter(({ source }) => source.existing)
    .map(({ one, source }) => ({
      bucket: source.physicalName,
      id: `goblet-${model.app}-${model.stage}.${one.function}`,
      function: aliasArnText(one.function, making, ALIAS),
      events: one.events,
      prefix: one.prefix,
      suffix: one.suffix,
    }))
}
