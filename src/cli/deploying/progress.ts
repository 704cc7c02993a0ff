// What a deploy shows while it works: on a terminal what is under way, in place; elsewhere a line for everything that is done.
import { stripVTControlCharacters } from 'node:util'
import type { Progress, Report } from '../../deploy/index.ts'
import { paint, print, printJson, toVisible } from '../terminal.ts'
import { toSize } from './changes.ts'

export interface ProgressView {
  readonly report: Report
  /** Takes away what is shown in place, so that something else can be printed. */
  end(): void
}

export function openProgress(json: boolean): ProgressView {
  if (json) return { report: (progress) => printJson({ event: 'progress', ...progress }), end: () => {} }
  return process.stdout.isTTY === true
    ? openTerminal()
    : { report: (one) => toLines(one).forEach(print), end: () => {} }
}

interface Working {
  readonly id: string
  readonly type: string
  readonly word: string
  readonly since: number
}

/** Rows that are shown in place at most: what is under way is seldom more. */
const ROWS = 10
const FRAME = 200

function openTerminal(): ProgressView {
  const working = new Map<string, Working>()
  let shown = 0
  let upload = ''
  let timer: NodeJS.Timeout | undefined
  const clear = (): string => {
    const text = shown === 0 ? '' : `\x1b[${shown}A\x1b[0J`
    shown = 0
    return text
  }
  const draw = (): string => {
    const rows = [...working.values()]
    const lines = rows.slice(0, ROWS).map(toWorkingLine)
    if (rows.length > ROWS) lines.push(paint('dim', `  … and ${rows.length - ROWS} more`))
    if (upload !== '') lines.push(upload)
    shown = lines.length
    return lines.map((line) => `${cut(line)}\n`).join('')
  }
  const redraw = (above: readonly string[]): void => {
    // In one piece, or it flickers.
    process.stdout.write(clear() + above.map((line) => `${line}\n`).join('') + draw())
  }
  const report: Report = (one) => {
    const lines = toLines(one)
    if (one.what === 'uploaded') {
      const isDone = one.done === one.of
      upload = isDone ? '' : `  ${paint('cyan', '↑')} ${one.done} of ${one.of} uploaded`
      redraw(isDone ? [uploadedLine(one)] : [])
      return
    }
    if (one.what === 'resource') {
      const key = `${one.stack}/${one.id}`
      const { id, type, status } = one
      if (!status.endsWith('_IN_PROGRESS')) working.delete(key)
      else if (!isStack(one) && !working.has(key))
        working.set(key, { id, type, word: wordOf(status), since: Date.now() })
    }
    redraw(lines)
  }
  timer = setInterval(() => redraw([]), FRAME)
  timer.unref()
  const end = (): void => {
    clearInterval(timer)
    process.stdout.write(clear())
  }
  return { report, end }
}

const toWorkingLine = ({ id, type, word, since }: Working): string =>
  `  ${paint('cyan', '…')} ${id}  ${paint('dim', type)}  ${word} ${paint('dim', `${((Date.now() - since) / 1000).toFixed(0)} s`)}`

// A line that wraps would be two to go up by. Colours have no width, and are cut with the rest only where there are none.
function cut(line: string): string {
  const most = (process.stdout.columns ?? 80) - 1
  const plain = stripVTControlCharacters(line)
  return plain.length <= most ? line : plain.slice(0, most)
}

type Resource = Extract<Progress, { what: 'resource' }>
type Uploaded = Extract<Progress, { what: 'uploaded' }>

/** The stack tells of itself as of a resource, too. */
const isStack = ({ stack, id, type }: Resource): boolean => type === 'AWS::CloudFormation::Stack' && id === stack

const uploadedLine = ({ of }: Uploaded): string => `  ${paint('green', '✓')} ${of} file${of === 1 ? '' : 's'} uploaded`

/** What is said for good. */
function toLines(one: Progress): string[] {
  switch (one.what) {
    case 'uploaded':
      return [`  ${paint('green', '✓')} uploaded ${one.name} ${paint('dim', toSize(one.size))}`]
    case 'resource':
      return toResourceLines(one)
    case 'waiting':
      return [`  ${paint('yellow', '…')} ${toVisible(one.reason)}`]
    case 'code':
      return [`  ${paint('green', '✓')} ${one.function}  new code`]
    case 'live': {
      const before = one.before === undefined ? '' : paint('dim', ` (before: ${one.before})`)
      return [`  ${paint('green', '✓')} ${one.function}  version ${one.version} is live${before}`]
    }
    case 'note':
      return [`  ${paint('yellow', '!')} ${toVisible(one.message)}`]
  }
}

function toResourceLines(one: Resource): string[] {
  const { id, type, status, reason, seconds } = one
  if (status.endsWith('_IN_PROGRESS') || isStack(one)) return []
  const isFailed = status.endsWith('_FAILED')
  const sign = isFailed ? paint('red', '✗') : paint('green', '✓')
  const took = seconds === undefined ? '' : paint('dim', ` ${seconds.toFixed(1)} s`)
  const why = isFailed && reason !== undefined ? `: ${toVisible(reason)}` : ''
  return [`  ${sign} ${id}  ${paint('dim', type)}  ${wordOf(status)}${took}${why}`]
}

const WORDS: Readonly<Record<string, readonly [works: string, done: string]>> = {
  CREATE: ['is created', 'created'],
  UPDATE: ['is updated', 'updated'],
  DELETE: ['is removed', 'removed'],
  IMPORT: ['is taken back', 'taken back'],
  ROLLBACK: ['is put back', 'put back'],
}

/** `CREATE_IN_PROGRESS` in words. */
function wordOf(status: string): string {
  const [verb = ''] = status.replace(/^(UPDATE|IMPORT)_ROLLBACK/, 'ROLLBACK').split('_')
  const words = WORDS[verb]
  if (status.endsWith('_SKIPPED')) return 'stays'
  if (words === undefined || status.endsWith('_FAILED')) return status.toLowerCase().replaceAll('_', ' ')
  return status.endsWith('_IN_PROGRESS') ? words[0] : words[1]
}
