// The table of IAM's actions: what the file actions.br says of a service, read when the service is first asked for.
import { existsSync, readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'

export interface Action {
  readonly name: string
  readonly level: 'read' | 'write' | 'list' | 'tagging' | 'permissions'
  /** The types of resources that it works on. Where one is not `required`, it is one of several, or may be left out. */
  readonly on: readonly { readonly type: string; readonly required: boolean }[]
}

export interface ServiceTable {
  /** By their names in lower case: IAM does not tell `s3:getobject` from `s3:GetObject`. */
  readonly actions: ReadonlyMap<string, Action>
  /** ARN templates by type: `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`. */
  readonly types: ReadonlyMap<string, string>
}

interface Opened {
  readonly file: Buffer
  readonly source: string
  readonly date: string
  /** Where each service's segment begins and ends. */
  readonly places: ReadonlyMap<string, readonly [number, number]>
}

// Beside this file in src; in dist, what runs at home is bundled into folders of its own, one below dist.
const PLACES = ['./actions.br', '../aws/access/actions.br']

const LEVELS: Readonly<Record<string, Action['level']>> = {
  r: 'read',
  w: 'write',
  l: 'list',
  t: 'tagging',
  p: 'permissions',
}

const tables = new Map<string, ServiceTable>()
let opened: Opened | undefined

/** The services that the table knows, by IAM's prefix. */
export function knownPrefixes(): readonly string[] {
  return [...open().places.keys()]
}

/** Where the table comes from, and of which day it is. */
export function tableOrigin(): { readonly source: string; readonly date: string } {
  const { source, date } = open()
  return { source, date }
}

/** What the table says of a service, by IAM's prefix. */
export function tableOf(prefix: string): ServiceTable | undefined {
  const known = tables.get(prefix)
  if (known !== undefined) return known
  const { file, places } = open()
  const place = places.get(prefix)
  if (place === undefined) return undefined
  const table = parse(brotliDecompressSync(file.subarray(...place)).toString('utf8'))
  tables.set(prefix, table)
  return table
}

function open(): Opened {
  if (opened !== undefined) return opened
  const path = PLACES.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url))
  if (path === undefined) throw new Error("goblet's own table of IAM actions is missing.")
  const file = readFileSync(path)
  let at = file.indexOf('\n')
  const head: { source: string; date: string; services: string } = JSON.parse(file.toString('utf8', 0, at++))
  const places = new Map<string, [number, number]>()
  for (const [, name = '', length] of head.services.matchAll(/(\S+) (\d+)/g)) {
    places.set(name, [at, at + Number(length)])
    at += Number(length)
  }
  opened = { file, places, source: head.source, date: head.date }
  return opened
}

function parse(text: string): ServiceTable {
  const lines = text.split('\n')
  const end = lines.indexOf('')
  const types = lines.slice(0, end).map((line): [string, string] => {
    const [name = '', template = ''] = line.split('\t')
    return [name, lengthen(template)]
  })
  const actions = new Map<string, Action>()
  for (const line of lines.slice(end + 1)) {
    const [level = '', numbers = '', ...names] = line.split(' ')
    const on = numbers === '' ? [] : numbers.split(',').map((number) => toType(number, types))
    for (const name of names) actions.set(name.toLowerCase(), { name, level: LEVELS[level] ?? 'write', on })
  }
  return { actions, types: new Map(types) }
}

function toType(number: string, types: readonly (readonly [string, string])[]): Action['on'][number] {
  return { type: types[Number.parseInt(number, 10)]?.[0] ?? '', required: number.endsWith('!') }
}

function lengthen(template: string): string {
  if (template.startsWith('arn:')) return template
  return `arn:\${Partition}:${template.replaceAll('^', `\${Region}`).replaceAll('~', `\${Account}`)}`
}
