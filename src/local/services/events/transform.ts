// What a target is sent of an event: the event, a part of it, a constant, or a template filled in.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { selected } from './path.ts'
import type { Target } from './state.ts'

/** What a template may say of the rule. */
export interface Surroundings {
  readonly arn: string
  readonly name: string
  /** When the event came, as ISO time. */
  readonly time: string
}

export const PLACEHOLDER = /<([^<>\s]{1,256})>/g

// Source: user guide, "Predefined variables" of input transformers.
export const PREDEFINED = new Set([
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
])

export function toInput(target: Target, event: string, around: Surroundings): string {
  const { Input: constant, InputPath: path, InputTransformer: transformer } = target
  if (typeof constant === 'string') return constant
  if (typeof path === 'string') return JSON.stringify(selected(JSON.parse(event), path) ?? null)
  if (!isObject(transformer) || typeof transformer.InputTemplate !== 'string') return event
  const paths = isObject(transformer.InputPathsMap) ? transformer.InputPathsMap : {}
  return fill(transformer.InputTemplate, toVariables(event, paths, around))
}

type Variables = (name: string) => unknown

function toVariables(event: string, paths: JsonObject, around: Surroundings): Variables {
  const value: unknown = JSON.parse(event)
  return (name) => {
    if (name === 'aws.events.rule-arn') return around.arn
    if (name === 'aws.events.rule-name') return around.name
    if (name === 'aws.events.event.ingestion-time') return around.time
    if (name === 'aws.events.event.json') return value
    if (name === 'aws.events.event') return withoutDetail(value, around)
    const path = Object.hasOwn(paths, name) ? paths[name] : undefined
    return typeof path === 'string' ? selected(value, path) : undefined
  }
}

// Recorded: the fields in this order, the type in this spelling, and the time at which it came.
function withoutDetail(event: unknown, { time }: Surroundings): JsonObject {
  const { id, account, 'detail-type': detailType, source, region, resources, version } = isObject(event) ? event : {}
  return { id, account, detailType, time, source, region, resources, version }
}

// Recorded: inside quotes a text stands as it is and nothing is an empty text; outside it is JSON, and nothing is `""`.
function fill(template: string, variables: Variables): string {
  const isJson = /^\s*[{["]/.test(template)
  let inside = false
  let from = 0
  let filled = ''
  for (const found of template.matchAll(PLACEHOLDER)) {
    const before = template.slice(from, found.index)
    inside = isQuoted(before, inside)
    from = found.index + found[0].length
    const value = variables(found[1] ?? '')
    filled += before + (isJson && !inside ? JSON.stringify(value ?? '') : toText(value, isJson))
  }
  return filled + template.slice(from)
}

/** Whether a text ends inside quotes, when it begins there or not. */
function isQuoted(text: string, inside: boolean): boolean {
  let is = inside
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text[index] === '"') is = !is
  }
  return is
}

// Source: user guide, "Common issues with transforming input": of an object in quotes, the quotes are left out.
function toText(value: unknown, isJson: boolean): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return isJson ? JSON.stringify(value).slice(1, -1) : value
  return JSON.stringify(value).replaceAll('"', '')
}
