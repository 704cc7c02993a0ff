// What `goblet dev` says while it runs: text for people, or a JSON object a line for programs.
import type { GobletError } from '../errors.ts'
import { type Cloud, type JournalEntry, toLines } from '../local/index.ts'
import type { Model } from '../model/index.ts'
import type { Found } from './findings.ts'
import { toFindings } from './policy-report.ts'
import { complain, paint, print, printJson, warn } from './terminal.ts'

export interface Reporter {
  loaded(model: Model, warnings: readonly { readonly message: string }[]): void
  /** What cannot be known of the app's permissions. */
  found(findings: Found): void
  ready(cloud: Cloud, milliseconds: number): void
  reloaded(milliseconds: number): void
  complain(error: GobletError): void
  /** Shows log lines and requests as they come. */
  follow(journal: Cloud['journal']): void
  stopping(): void
}

export const openReporter = (json: boolean): Reporter => (json ? openJsonReporter() : openTextReporter())

function openJsonReporter(): Reporter {
  return {
    loaded: (_model, warnings) => {
      for (const { message } of warnings) printJson({ event: 'warning', message })
    },
    found: ({ warnings, errors }) => {
      for (const one of errors) printJson({ event: 'finding', level: 'error', ...one })
      for (const one of warnings) printJson({ event: 'finding', level: 'warning', ...one })
    },
    ready: ({ http, aws, websockets }) =>
      printJson({ event: 'ready', http, websocket: http.replace(/^http/, 'ws'), aws, ...urlsOf(websockets) }),
    reloaded: (milliseconds) => printJson({ event: 'reloaded', milliseconds: Math.round(milliseconds) }),
    complain: ({ complaints }) => printJson({ event: 'error', complaints }),
    follow: (journal) => {
      journal.follow((entry) => {
        if (entry.kind === 'denied') {
          const { function: name, requestId, passed, action, resource, complaint } = entry
          printJson({ event: 'denied', function: name, requestId, passed, action, resource, complaint })
        }
        if (entry.kind === 'log')
          printJson({ event: 'log', function: entry.function, requestId: entry.requestId, text: entry.text })
      })
    },
    stopping: () => {},
  }
}

// Where each API is, by its declared name: the stage is part of it.
const urlsOf = (websockets: Cloud['websockets']): object =>
  websockets.size === 0 ? {} : { websockets: Object.fromEntries(websockets) }

function openTextReporter(): Reporter {
  let model: Model | undefined
  return {
    loaded: (loaded, warnings) => {
      model = loaded
      for (const { message } of warnings) warn(`${paint('yellow', '!')} ${message}`)
    },
    found: (findings) => {
      for (const line of toFindings(findings)) warn(line.slice(2))
    },
    ready: (cloud, milliseconds) => print(toBanner(cloud, model, milliseconds)),
    reloaded: (milliseconds) => print(`${paint('green', '✓')} reloaded in ${Math.round(milliseconds)} ms`),
    complain: ({ complaints }) => {
      complain(complaints)
      const still = model === undefined ? '' : 'The last version that worked keeps running. '
      print(paint('dim', `${still}Waiting for a save.`))
    },
    follow: (journal) => {
      journal.follow(toShow())
    },
    stopping: () => print('\nStopping. The state is kept.'),
  }
}

// The longest word of a kind, `authorizer`.
const WIDE = 10

function toBanner({ http, base, aws, websockets }: Cloud, model: Model | undefined, milliseconds: number): string {
  const lines = [
    `${paint('bold', 'goblet')} ${model === undefined ? '' : `${model.app} `}is ready in ${Math.round(milliseconds)} ms`,
    '',
  ]
  lines.push(
    `  app   ${paint('cyan', `${http}${base}`)}`,
    `  aws   ${paint('cyan', aws)}   ${paint('dim', 'eval "$(goblet env)" points the aws CLI here')}`,
  )
  for (const trigger of model?.triggers ?? [])
    if (trigger.kind === 'http') lines.push(`        ${trigger.method.padEnd(WIDE)} ${http}${base}${trigger.path}`)
  for (const [name, url] of websockets) {
    lines.push(
      `        ${'WS'.padEnd(WIDE)} ${url}   ${paint('dim', `goblet ws${websockets.size > 1 ? ` --api ${name}` : ''}`)}`,
    )
    for (const trigger of model?.triggers ?? [])
      if (trigger.kind === 'websocket' && trigger.websocket === name)
        lines.push(`        ${''.padEnd(WIDE)} ${trigger.route}`)
  }
  for (const made of model?.functions ?? [])
    if (made.trigger !== 'http' && made.trigger !== 'websocket')
      lines.push(`        ${made.trigger.padEnd(WIDE)} ${made.name}`)
  for (const made of model?.resources ?? [])
    if (made.kind !== 'websocket') lines.push(`        ${made.kind.padEnd(WIDE)} ${made.physicalName}`)
  return `${lines.join('\n')}\n`
}

// Who answered where no function did.
const GATEWAY = '(gateway)'
// Requests and messages a second that a terminal can show without slowing down what it shows.
const SHOWN = 20

function toShow(): (entry: JournalEntry) => void {
  let second = 0
  let shown = 0
  return (entry) => {
    if (entry.kind === 'denied') complain([entry.complaint], entry.passed ? 'warning' : 'error')
    if (entry.kind === 'log') print(`${paint('cyan', entry.function)}  ${toLines(entry).join('\n')}`)
    const text = toHappening(entry)
    if (text === undefined) return
    const now = Math.floor(entry.time / 1000)
    if (now !== second && shown > SHOWN) print(paint('dim', `… and ${shown - SHOWN} more`))
    if (now !== second) shown = 0
    second = now
    shown++
    if (shown <= SHOWN) print(`${paint('dim', entry.function || GATEWAY)}  ${text}`)
  }
}

// A request, or what came on a WebSocket; of other hops the functions' own lines tell enough.
function toHappening(entry: JournalEntry): string | undefined {
  if (entry.kind === 'hop') return entry.text.startsWith('websocket ') ? entry.text : undefined
  if (entry.kind !== 'request') return undefined
  const { method, path, status, duration } = entry
  return `${method} ${path} ${toStatus(status)} ${paint('dim', `${duration.toFixed(1)} ms`)}`
}

const toStatus = (status: number): string =>
  paint(status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green', String(status))
